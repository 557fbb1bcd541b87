"""Names, places and organisations for sample people."""

# Percentages of people by country.
COUNTRIES = {
    "LV": 66,
    "LT": 8,
    "EE": 7,
    "FI": 4,
    "PL": 3,
    "DE": 3,
    "SE": 2,
    "FR": 2,
    "BG": 2,
    "GR": 1,
    "ES": 1,
    "CZ": 1,
}

LATVIAN_FIRST_NAMES = (
    "Jānis Andris Juris Edgars Mārtiņš Aleksandrs Pēteris Aivars Ģirts Kārlis Uldis Guntis Ēriks Raivis Artūrs".split(),
    "Anna Inese Kristīne Ilze Inga Inta Līga Sandra Dace Ieva Anita Iveta Aija Zane Gunta Ņina Žanna Šarlote Ērika "
    "Mārīte Baiba Vineta Rūta Skaidrīte Elīna Laura Sarmīte Ināra Agnese Daiga".split(),
)
LATVIAN_LAST_NAMES = (
    "Bērziņš Kalniņš Ozoliņš Jansons Liepiņš Krūmiņš Balodis Eglītis Zariņš Pētersons Vītols Kļaviņš Kārkliņš "
    "Vanags Ozols Ābols Āboliņš Lācis Zaķis Siliņš Vilks Šmits Čakste Ģēģeris Ķēniņš Ļaudams Ņikitins Ūdris Žagars "
    "Dūmiņš Celmiņš Auziņš Grīnbergs Vilciņš Sproģis Rozītis Strazdiņš Zvirbulis Mežs Upītis Krastiņš Priede Egle Liepa "
    "Apinis Grāvītis Puriņš Skujiņš Freimanis Dzenis Rudzītis Cīrulis Bite Kronbergs Puķītis Gulbis Sniedze".split()
)

# By country: lists of first names, with the last names that fit them.
NAMES = {
    "LT": [
        (
            "Jonas Tomas Vytautas Mindaugas Šarūnas".split(),
            "Kazlauskas Petrauskas Jankauskas Žukauskas Čepaitis".split(),
        ),
        (
            "Rasa Jurgita Daiva Eglė Živilė Rūta Ieva".split(),
            "Kazlauskienė Petrauskaitė Jankauskienė Žukauskaitė Čepaitytė Stankevičienė".split(),
        ),
    ],
    "EE": [
        (
            "Kristjan Margus Toomas Ülle Õnne Kadri Liis Piret Tiina Jüri".split(),
            "Tamm Saar Sepp Mägi Kask Kukk Rebane Ilves Pärn Õunapuu Rätsep Jõgi".split(),
        )
    ],
    "FI": [
        (
            "Mikko Päivi Satu Jukka Anneli Sirpa Väinö Tuula".split(),
            "Korhonen Virtanen Mäkinen Nieminen Hämäläinen Järvinen Koskela Ylönen".split(),
        )
    ],
    "PL": [
        ("Andrzej Michał Łukasz Paweł".split(), "Kowalski Wiśniewski Wójcik Zieliński Dąbrowski Żuk".split()),
        ("Agnieszka Małgorzata Katarzyna Żaneta".split(), "Kowalska Wiśniewska Wójcik Zielińska Dąbrowska Żuk".split()),
    ],
    "DE": [
        (
            "Jürgen Sabine Björn Käthe Ulrike Günter Annegret Lena".split(),
            ["Müller", "Schäfer", "Weiß", "Krüger", "Groß", "Jäger", "Vogel", "von der Heide", "Meyer-Lüdenscheidt"],
        )
    ],
    "SE": [
        (
            "Åsa Björn Göran Märta Linnéa Öyvind Karin".split(),
            "Ström Åkesson Björk Sjöberg Hägglund Öberg Lindqvist".split(),
        )
    ],
    "FR": [
        (
            "François Hélène Chloé Benoît Anaïs Jean-Noël Zoé".split(),
            ["Lefèvre", "Garçon", "D’Aubigné", "Béranger", "Noël", "De La Tour", "Gauthier"],
        )
    ],
    "BG": [
        ("Georgi Dimitar Stoyan".split(), "Ivanov Petrov Dimitrov Hristov".split()),
        ("Mariya Desislava Tsvetelina".split(), "Ivanova Petrova Dimitrova Hristova".split()),
    ],
    "GR": [
        ("Giorgos Nikos Kostas".split(), "Papadopoulos Georgiou Nikolaidis".split()),
        ("Eleni Katerina Sofia".split(), "Papadopoulou Georgiou Nikolaidou".split()),
    ],
    "ES": [("José María Íñigo Begoña Núria".split(), ["Núñez Peña", "García López", "Ibáñez", "Muñoz Sáez"])],
    "CZ": [
        ("Jiří Tomáš Ondřej".split(), "Novák Dvořák Černý Růžička".split()),
        ("Jiřina Šárka Kateřina".split(), "Nováková Dvořáková Černá Růžičková".split()),
    ],
}

# Reserved for examples by RFC 2606 and RFC 6761: no e-mail to them reaches anybody.
DOMAINS = ["example.org", "example.com", "example.net", "library.example", "school.example", "mail.test"]

# Places by country, those with the most people first. Latvian ones are in the genitive.
PLACES = {
    "LV": (
        "Rīgas Daugavpils Liepājas Jelgavas Jūrmalas Ventspils Rēzeknes Valmieras Jēkabpils Ogres Cēsu Siguldas Tukuma "
        "Kuldīgas Talsu Saldus Dobeles Bauskas Limbažu Madonas Gulbenes Alūksnes Balvu Ludzas Krāslavas Preiļu Līvānu "
        "Aizkraukles Ķekavas Mārupes Ādažu Carnikavas Salaspils Smiltenes Valkas Rūjienas Mazsalacas Aizputes Skrundas "
        "Kandavas Rojas Dundagas Auces Ērgļu Varakļānu Viļakas Dagdas Viļānu Kārsavas Zilupes Ilūkstes Neretas Vecumnieku "
        "Ķeguma Ikšķiles Lielvārdes Līgatnes Raunas Jaunpiebalgas Cesvaines Lubānas Apes Alojas Salacgrīvas".split()
    ),
    "LT": "Vilnius Kaunas Klaipėda Šiauliai Panevėžys Alytus Utena".split(),
    "EE": "Tallinn Tartu Pärnu Narva Võru Jõhvi Põltsamaa".split(),
    "FI": "Helsinki Tampere Turku Jyväskylä Hämeenlinna".split(),
    "PL": "Warszawa Kraków Łódź Gdańsk Wrocław Białystok".split(),
    "DE": "Berlin Hamburg München Köln Münster Lübeck".split(),
    "SE": "Stockholm Malmö Göteborg Växjö Örebro".split(),
    "FR": "Paris Lyon Besançon Orléans Nîmes".split(),
    "BG": "Sofia Plovdiv Varna Ruse".split(),
    "GR": "Athina Thessaloniki Patra".split(),
    "ES": ["Madrid", "A Coruña", "Málaga"],
    "CZ": "Praha Brno Olomouc Plzeň".split(),
}

# Kinds of organisations by sector, the most frequent first.
ORGANISATIONS = {
    "library": {
        "LV": [
            "{place} Centrālā bibliotēka",
            "{place} bibliotēka",
            "{place} novada Galvenā bibliotēka",
            "{place} Bērnu bibliotēka",
            "{place} Valsts ģimnāzijas bibliotēka",
            "{place} Universitātes bibliotēka",
            "{place} pagasta bibliotēka",
        ],
        "other": [
            "{place} City Library",
            "{place} University Library",
            "{place} County Library",
            "{place} Public Library",
        ],
    },
    "lifelong_learning": {
        "LV": [
            "{place} Pieaugušo izglītības centrs",
            "{place} vidusskola",
            "{place} Tehnikums",
            "{place} Tautskola",
            "Biedrība „{place} iespēju centrs”",
        ],
        "other": [
            "{place} Adult Education Centre",
            "Folk High School {place}",
            "University of {place}",
            "NGO Learning {place}",
        ],
    },
    "other": {
        "LV": ["{place} novada pašvaldība", "{place} muzejs", "{place} Kultūras centrs", "SIA „{place} konsultants”"],
        "other": ["{place} City Council", "{place} Museum", "{place} Cultural Centre"],
    },
}

JOBS = {
    "library": [
        "bibliotekāre",
        "galvenā bibliotekāre",
        "direktore",
        "librarian",
        "Head of Department",
        "bibliogrāfe",
        "nodaļas vadītāja",
        "metodiķe",
    ],
    "lifelong_learning": ["projektu vadītāja", "project manager", "skolotāja", "lektore", "trainer", "metodiķe"],
    "other": ["speciāliste", "konsultante", "researcher", "vadītāja", "žurnāliste"],
}

TAGS = ["runātājs", "VIP", "prese", "brīvprātīgais"]

NEEDS = ["veģetāra ēdināšana", "vegan", "bez glutēna", "lactose-free", "iekļūšana ratiņkrēslā", "riekstu alerģija"]

SENTENCES = [
    "Gribu uzzināt, kā citi to dara.",
    "Mūsu bibliotēkā jau darbojas līdzīgs projekts; labprāt pastāstīšu.",
    "We run a reading club and look for partners.",
    "How do I get there from the airport?",
    "Ieradīšos ap pulksten 11; vai tas ir par vēlu?",
    "Paldies; ļoti gaidu!",
    "Jautājums: vai būs „darba grupas” arī pēc pusdienām?",
    "Nothing else, thank you.",
]


def get_feminine_form(last_name: str) -> str:
    """Return the feminine form of a Latvian last name: Bērziņš, Ozols, Lācis become Bērziņa, Ozola, Lāce."""
    if last_name.endswith("is"):
        return f"{last_name.removesuffix('is')}e"
    if last_name.endswith(("s", "š")):
        return f"{last_name[:-1]}a"
    return last_name

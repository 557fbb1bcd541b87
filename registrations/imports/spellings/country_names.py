"""Countries by the names that people write: in Latvian, in English, and in the countries' own languages."""

import re
from collections.abc import Iterable
from functools import cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_countries import countries

from registrations.forms.fields import MAX_QUOTED
from registrations.imports.spellings.header_words import EMPTY_MARKS, fold

# Beside what django-countries calls them, which is formal in places.
NAMES = {
    "AD": "Principat d'Andorra",
    "AE": "UAE, Emirates, AAE, Emirāti",
    "AL": "Shqipëria, Shqipëri",
    "AM": "Hayastan, Հայաստան, Армения",
    "AT": "Österreich",
    "AZ": "Azərbaycan, Азербайджан",
    "BA": "Bosnia, Bosnia & Herzegovina, Bosna i Hercegovina, Bosna, Босна и Херцеговина, Bosnija",
    "BE": "België, Belgique, Belgien",
    "BG": "България, Bulgaria",
    "BN": "Brunei, Bruneja",
    "BO": "Bolivia, Bolīvija",
    "BR": "Brasil",
    "BS": "Bahamas, The Bahamas, Bahamu salas",
    "BY": "Беларусь, Белоруссия, Belorussia, Byelorussia",
    "CD": "DR Congo, DRC, Democratic Republic of Congo, Democratic Republic of the Congo, Congo Kinshasa, Zaire",
    "CG": "Congo Brazzaville, Republic of Congo, Republic of the Congo",
    "CH": "Schweiz, Suisse, Svizzera, Svizra",
    "CI": "Ivory Coast, Kotdivuāra, Ziloņkaula krasts",
    "CN": "PRC, People's Republic of China, 中国, Ķīnas Tautas Republika, ĶTR",
    "CV": "Cape Verde, Kaboverde, Zaļā Raga salas",
    "CY": "Κύπρος, Kıbrıs, Kypros",
    "CZ": "Czech Republic, Česko, Česká republika, Čehijas Republika",
    "DE": "Deutschland, BRD, Bundesrepublik Deutschland, Federal Republic of Germany, VFR, Германия",
    "DK": "Danmark",
    "EE": "EE, Eesti, Igaunijas Republika, Eesti Vabariik, Эстония",
    "ES": "España",
    "FI": "Suomi, Финляндия",
    "FK": "Falkland Islands, Falklands, Folklenda salas",
    "FM": "Micronesia, Mikronēzija",
    "FO": "Føroyar, Faroes, Fēru salas",
    "FR": "République française, Франция",
    "GB": "UK, United Kingdom, Great Britain, Britain, England, Scotland, Wales, Northern Ireland, Cymru, Alba, "
    "Lielbritānija, Anglija, Skotija, Velsa, Ziemeļīrija, Великобритания, "
    "Lielbritānijas un Ziemeļīrijas Apvienotā Karaliste",
    "GE": "საქართველო, Sakartvelo, Грузия",
    "GL": "Kalaallit Nunaat",
    "GM": "The Gambia",
    "GR": "Ελλάδα, Ελλάς, Hellas, Ellada, Hellenic Republic",
    "HR": "Hrvatska",
    "HU": "Magyarország",
    "IE": "Éire, Republic of Ireland, Īrijas Republika, Eire",
    "IL": "ישראל",
    "IR": "Iran, Irāna",
    "IS": "Ísland",
    "IT": "Italia, Италия",
    "JP": "日本, Nippon",
    "KP": "North Korea, DPRK, Ziemeļkoreja, KTDR",
    "KR": "South Korea, Republic of Korea, Korea South, ROK, 한국, 대한민국, Dienvidkoreja",
    "KZ": "Қазақстан, Qazaqstan, Казахстан",
    "LA": "Laos, Laosa",
    "LI": "Fürstentum Liechtenstein",
    "LT": "LT, Lietuva, Lietuvas Republika, Lietuvos Respublika, Литва",
    "LU": "Lëtzebuerg, Luxemburg",
    "LV": "LV, LR, Latvijas Republika, Republic of Latvia, Латвия",
    "MD": "Moldova, Republica Moldova, Moldāvija, Moldavia, Молдова, Молдавия",
    "ME": "Crna Gora, Црна Гора",
    "MK": "Macedonia, FYROM, Maķedonija, Ziemeļmaķedonija, Северна Македонија, Македонија, Severna Makedonija",
    "MM": "Burma, Birma",
    "MX": "México",
    "NL": "Netherlands, The Netherlands, Holland, Nederland, Nīderlande, Holande, Kingdom of the Netherlands",
    "NO": "Norge, Noreg",
    "NR": "Nauru",
    "NZ": "Aotearoa",
    "PL": "Polska, Rzeczpospolita Polska, Польша",
    "PS": "Palestine, State of Palestine, Palestīna",
    "RO": "România",
    "RS": "Srbija, Србија",
    "RU": "Russia, RF, Krievija, Россия, РФ, Российская Федерация",
    "SE": "Sverige, Швеция",
    "SI": "Slovenija, Republika Slovenija",
    "SK": "Slovak Republic, Slovensko, Slovenská republika",
    "SY": "Syria, Sīrija",
    "SZ": "Swaziland, Svazilenda, Esvatini",
    "TL": "East Timor, Austrumtimora",
    "TR": "Turkey, Türkiye, Republic of Turkey",
    "TW": "Taiwan, Republic of China, Taivāna, 台灣",
    "TZ": "Tanzania, Tanzānija",
    "UA": "Україна, Украина",
    "US": "USA, U.S.A., U.S., United States, America, ASV, Amerika, США",
    "VA": "Vatican, Vatican City, Vatikāns, Vatikāna Pilsētvalsts, Città del Vaticano",
    "VE": "Venezuela, Venecuēla",
    "VN": "Vietnam, Việt Nam, Vjetnama",
    "WS": "Samoa",
    "XK": "Kosovo, Kosova, Косово",
    "ZA": "RSA, Dienvidāfrika, Dienvidāfrikas Republika",
}
FORMAL = re.compile(r"^(the\b|(republic|kingdom|state|principality|grand duchy) of\b)\s*", re.IGNORECASE)
IN_BRACKETS = re.compile(r"(.*?)\s*\(([^()]*)\)\s*")
MAX_LENGTH = 100


@cache
def index_names() -> dict[str, str]:
    """The code of each country by all its names, folded, and by its code of three letters."""
    names = {
        fold(name): code
        for code, written in NAMES.items()
        if code in countries.countries
        for name in written.split(",")
    }
    for language, _name in settings.LANGUAGES:
        with override(language):
            names |= {fold(str(label)): code for code, label in countries}
    return names | {fold(countries.alpha3(code)): code for code, _label in countries if countries.alpha3(code)}


def find_country(text: str) -> str | None:
    """The code of the country that is called so, also with “Republic of” in front or with something in brackets."""
    names = index_names()
    if code := names.get(fold(text)) or names.get(fold(strip_formal(text))):
        return code
    if not (split := IN_BRACKETS.fullmatch(text)):
        return None
    stem, explanation = split.groups()
    # Guinea (Bissau) is another country than Guinea, and so are the two of which people say Congo.
    if code := names.get(fold(explanation + stem)) or names.get(fold(stem + explanation)):
        return code
    is_sure = fold(explanation) not in names and fold(stem) != "congo"
    return find_country(stem) if is_sure else None


def strip_formal(text: str) -> str:
    """`text` without “the” and “Republic of” in front."""
    while (stripped := FORMAL.sub("", text)) != text:
        text = stripped
    return text


class CountryReader:
    """Reads the cells of a column with countries. A code of two letters is read only if most of `cells` are codes.

    LR is Latvijas Republika to whoever writes it alone, and Liberia only among codes.
    """

    def __init__(self, cells: Iterable[str]):
        written = [cell.strip().upper() for cell in cells if cell.strip()]
        codes = [cell for cell in written if cell in countries.countries]
        self.has_codes = 2 * len(codes) > len(written) and set(codes) != {"LR"}

    def read(self, text: str) -> str:
        text = " ".join(text.split())
        if text in EMPTY_MARKS:
            return ""
        if self.has_codes and text.upper() in countries.countries:
            return text.upper()
        if code := find_country(text) if len(text) <= MAX_LENGTH else None:
            return code
        raise ValidationError(_("“%(text)s” is not recognised.") % {"text": text[:MAX_QUOTED]})

import pytest
from django.utils import translation

from registrations import operations
from registrations.exports.access import OPERATOR_ACCESS
from registrations.exports.file_formats import TABLE_FORMATS
from registrations.exports.lists import write_registrations
from registrations.imports import RowOutcome, guess_mapping, preview_rows, read_table
from registrations.imports.column_mapping import find_problems, get_known_headers
from registrations.models import Registration
from registrations.operations import MAX_TAGS
from tests.factories import make_choice, make_event, make_question, make_registration, make_topic
from tests.registrations.imports.sample_files import ANNA, HEADERS, ILZE, make_csv, make_xlsx, preview_file

pytestmark = pytest.mark.django_db

FIELDS = ["first_name", "last_name", "email", "organisation", "job_title", "country", "sector", "language"]


def preview_one(event, headers, values, **options):
    [row] = preview_file(make_csv(headers, values, encoding="utf-8"), event, **options)
    return row


def get_outcomes(rows) -> list[str]:
    return [row.outcome.value for row in rows]


@pytest.mark.parametrize(
    ("headers", "values"),
    [
        (
            ["Vārds", "Uzvārds", "E-pasta adrese", "Darba vieta", "Amats", "Valsts", "Nozare", "Valoda"],
            ["Anna", "Bērziņa", "anna@example.lv", "LNB", "direktore", "Latvija", "mūžizglītība", "Latviešu"],
        ),
        (
            ["FIRST NAME", "Surname", "E-mail:", "Institution", "Position", "country", "Sector", "Language"],
            ["Anna", "Bērziņa", "anna@example.lv", "LNB", "direktore", "LV", "Lifelong learning", "lv"],
        ),
        (
            ["vards", "uzvards", "epasts", "iestade", "ienemamais amats", "VALSTS", "joma", "sazinas valoda"],
            ["Anna", "Bērziņa", "mailto:anna@example.lv;", "LNB", "direktore", "lva", "lifelong_learning", "LAV"],
        ),
    ],
)
def test_headers_and_values_are_recognised_as_people_write_them(headers, values):
    row = preview_one(make_event(), headers, values)
    assert row.reasons == []
    assert [getattr(row.registration, name) for name in FIELDS] == [
        "Anna",
        "Bērziņa",
        "anna@example.lv",
        "LNB",
        "direktore",
        "LV",
        "lifelong_learning",
        "lv",
    ]
    assert row.registration.source == "import"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Anna Bērziņa", ("Anna", "Bērziņa")),
        ("Anna Marija  Bērziņa-Kalniņa", ("Anna Marija", "Bērziņa-Kalniņa")),
        ("Bērziņa, Anna Marija", ("Anna Marija", "Bērziņa")),
    ],
)
def test_a_name_in_one_column_is_split(name, expected):
    row = preview_one(make_event(), ["Vārds, uzvārds", "E-pasts"], [name, "anna@example.lv"])
    assert (row.registration.first_name, row.registration.last_name) == (row.first_name, row.last_name) == expected


def test_a_single_word_is_a_name_and_a_hyphen_is_none():
    row = preview_one(make_event(), ["Name", "E-mail"], ["Suharto", "anna@example.lv"])
    assert (row.registration.first_name, row.registration.last_name) == ("Suharto", "")
    row = preview_one(make_event(), HEADERS, ["-", "Suharto", "anna@example.lv", ""])
    assert (row.registration.first_name, row.registration.last_name) == ("", "Suharto")
    row = preview_one(make_event(), HEADERS, ["-", "\u200b", "anna@example.lv", ""])
    assert row.reasons == [("First name", "Please enter the first name, the last name or both.")]


def test_mistakes_are_reported_with_their_column_and_line():
    event = make_event()
    taken = make_registration(event, email="Taken@example.lv", first_name="Kāds", last_name="Cits")
    headers = ["Vārds", "Uzvārds", "E-pasts", "Nozare", "Valsts"]
    rows = preview_file(
        make_csv(
            headers,
            ["Anna", "Bērziņa", "anna@", "", ""],
            ["", "", "kalns@example.lv", "", ""],
            ["Jānis", "Ozols", "ozols@example.lv", "muzeji", "Atlantīda"],
            ["Ilze", "Liepa", "ILZE@example.lv", "", ""],
            ["Ilze", "Liepa", "Liepa <ilze@Example.lv>", "muzeji", ""],
            ["Kads", "CITS", "taken@example.lv", "", ""],
            ["Kāda", "Cita", "taken@example.lv", "", ""],
        ),
        event,
    )
    assert [row.line for row in rows] == [2, 3, 4, 5, 6, 7, 8]
    assert get_outcomes(rows) == ["invalid", "invalid", "invalid", "place", "duplicate", "duplicate", "place"]
    assert rows[0].reasons == [("E-mail", "Enter a valid email address.")]
    assert rows[1].reasons == [("First name", "Please enter the first name, the last name or both.")]
    assert rows[2].reasons == [
        ("Sector", "“muzeji” is not one of: libraries, lifelong learning, other."),
        ("Country", "“Atlantīda” is not recognised."),
    ]
    assert (rows[4].duplicate_of, rows[4].duplicate_of_line) == (None, 5)
    assert (rows[5].duplicate_of, rows[5].duplicate_of_line) == (taken, None)
    assert event.registrations.count() == 1


def test_cancelled_people_and_people_of_other_events_can_be_imported():
    event = make_event()
    make_registration(event, Registration.Status.CANCELLED, email="anna@example.lv")
    make_registration(make_event(), email="ilze@example.lv")
    assert get_outcomes(preview_file(make_csv(HEADERS, ANNA, ILZE), event)) == ["place", "place"]


@pytest.mark.parametrize(
    ("values", "waiting", "expected"),
    [
        ({}, 0, ["place", "place", "place"]),
        ({"capacity": 2}, 0, ["place", "waiting", "waiting"]),
        ({"capacity": 2, "waiting_list_enabled": False}, 0, ["place", "invalid", "invalid"]),
        ({"capacity": 4}, 2, ["place", "waiting", "waiting"]),  # the two who wait move up first
        ({"capacity": 4, "promotes_automatically": False}, 2, ["waiting", "waiting", "waiting"]),
        ({"capacity": None, "promotes_automatically": False}, 1, ["waiting", "waiting", "waiting"]),
        ({"capacity": None}, 1, ["place", "place", "place"]),
    ],
)
def test_places_are_assigned_in_the_order_of_the_file(values, waiting, expected):
    event = make_event(**values)
    make_registration(event)
    for _number in range(waiting):
        make_registration(event, Registration.Status.WAITLISTED)
    rows = preview_file(make_csv(HEADERS, ANNA, ILZE, ["Jānis", "Ozols", "janis@example.lv", ""]), event)
    assert get_outcomes(rows) == expected
    assert [row.is_new for row in rows] == [outcome != "invalid" for outcome in expected]
    assert all(row.reasons == [("", "All places are taken.")] for row in rows if row.outcome == RowOutcome.INVALID)


def test_nobody_would_get_a_place_at_a_cancelled_event():
    event = make_event()
    operations.cancel_event(event)
    row = preview_one(event, ["First name", "E-mail"], ["Anna", "anna@example.lv"])
    assert row.outcome == RowOutcome.INVALID
    assert row.reasons == [("", "The event has been cancelled, so nothing can be changed here.")]


def test_topics_tags_and_notes():
    event = make_event()
    reading = make_topic(event, {"lv": "Lasīšana, stāsti", "en": "Reading"})
    data = make_topic(event, {"lv": "Dati", "en": "Data"})
    row = preview_one(
        event,
        [*HEADERS, "Tēmas", "Birkas", "Piezīmes"],
        [*ANNA, "lasisana, stasti, Data", "vadība; preses, vadība", "Zvanīja.\nBūs vēlāk."],
        tags=["LBB", "vadība"],
    )
    assert row.topics == [reading, data]
    assert row.registration.tags == ["vadība", "preses", "LBB"]
    assert row.registration.internal_note == "Zvanīja.\nBūs vēlāk."
    assert preview_one(event, [*HEADERS, "Topics"], [*ANNA, "Data; –; Museums"]).reasons == [
        ("Topics of interest", "“Museums” is not one of: Reading, Data.")
    ]
    assert preview_one(event, [*HEADERS, "Tags"], [*ANNA, "\u200bpre\u00adses\x07"]).registration.tags == ["preses"]
    assert preview_one(event, [*HEADERS, "Tags"], [*ANNA, "x" * 41]).reasons == [
        ("Tags", "A tag has at most 40 characters.")
    ]


def test_tags_of_a_row_and_tags_for_all_share_one_limit():
    event, headers = make_event(), [*HEADERS, "Tags"]
    own, everybodys = (", ".join(f"{kind} {number}" for number in range(MAX_TAGS // 2)) for kind in ("own", "all"))
    tags = everybodys.split(", ")
    row = preview_one(event, headers, [*ANNA, own], tags=tags)
    assert row.registration.tags == [*own.split(", "), *tags]
    assert len(preview_one(event, headers, [*ANNA, f"{own}, {tags[0]}"], tags=tags).registration.tags) == MAX_TAGS
    told = [("Tags", "A person can have at most 20 tags.")]
    assert preview_one(event, headers, [*ANNA, f"{own}, one more"], tags=tags).reasons == told
    assert preview_one(event, headers, [*ANNA, f"{own}, {everybodys}, one more"]).reasons == told
    assert preview_one(event, HEADERS, ANNA, tags=[*tags, *own.split(", "), "one more"]).reasons == told


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("short_text", " zupa  un  maize ", "zupa un maize"),
        ("long_text", "zupa\r\nmaize", "zupa\nmaize"),
        ("number", "1 234,5", 1234.5),
        ("number", "2", 2),
        ("yes_no", "Jā", True),
        ("yes_no", "x", True),
        ("yes_no", "✓", True),
        ("yes_no", "NĒ", False),
        ("yes_no", "-", False),
        ("one_of", "vegetara", "vegetarian"),
        ("one_of", "Vegetarian", "vegetarian"),
        ("one_of", "–", None),
        ("several_of", "Gaļa, zivis; Vegetārā", ["both", "vegetarian"]),
        ("date", "19.09.2026", "2026-09-19"),
        ("date", "9.9.2026.", "2026-09-09"),
        ("date", "2026-09-19", "2026-09-19"),
        ("date", "", None),
    ],
)
def test_answers_are_read_by_the_kind_of_their_question(kind, text, expected):
    event = make_event()
    question = make_question(event, kind=kind)
    make_choice(question, "vegetarian", label={"lv": "Veģetārā", "en": "Vegetarian"})
    make_choice(question, "both", label={"lv": "Gaļa, zivis", "en": "Meat, fish"})
    row = preview_one(event, [*HEADERS, "PUSDIENAS?"], [*ANNA, text])
    assert row.reasons == []
    assert row.registration.answers == ({} if expected is None else {"lunch": expected})


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("number", "daudz", "Enter a number."),
        ("yes_no", "varbūt", "“varbūt” is not one of: yes, no."),
        ("one_of", "Zivis", "“Zivis” is not one of: Vegetarian."),
        ("date", "31.02.2026", "“31.02.2026” is not a date; enter one such as 19.09.2026."),
        ("short_text", "x" * 401, "Ensure this value has at most 400 characters (it has 401)."),
    ],
)
def test_invalid_answers_are_refused(kind, text, said):
    event = make_event()
    question = make_question(event, kind=kind)
    make_choice(question, "vegetarian", label={"lv": "Veģetārā", "en": "Vegetarian"})
    row = preview_one(event, [*HEADERS, "lunch"], [*ANNA, text])
    assert row.reasons == [("Lunch", said)]


@pytest.mark.parametrize("language", ["lv", "en"])
@pytest.mark.parametrize("form", TABLE_FORMATS)
def test_the_sites_own_export_can_be_imported_unchanged(language, form):
    event = make_event()
    topic = make_topic(event, {"lv": "Lasīšana, stāsti", "en": "Reading"})
    make_question(event)
    make_question(event, "photo", label={"lv": "Foto", "en": "Photo"}, kind="yes_no")
    person = make_registration(
        event,
        first_name="=Anna",
        last_name="'+Bērziņa",
        organisation='Bibliotēka "A; B", Rīga',
        job_title="-",
        country="LV",
        sector="library",
        language="lv",
        answers={"lunch": "@zupa\nun maize", "photo": True},
    )
    person.topics.add(topic)
    with translation.override(language):
        file, _count, _columns = write_registrations(event.registrations.all(), form, OPERATOR_ACCESS)
        [row] = preview_file(file.read(), make_copy(event), language="en")
    file.close()
    assert row.reasons == []
    assert [getattr(row.registration, name) for name in FIELDS] == [getattr(person, name) for name in FIELDS]
    assert [str(topic.title) for topic in row.topics] == ["Reading"]
    assert row.registration.answers == {"lunch": "@zupa un maize", "photo": True}


def make_copy(event):
    """Another event with the same topics and questions."""
    copy = make_event()
    for question in event.questions.all():
        make_question(copy, question.key, label=question.label.data, kind=question.kind)
    for topic in event.topics.all():
        make_topic(copy, topic.title.data)
    return copy


def test_each_field_is_guessed_once_and_problems_are_found():
    event = make_event()
    question = make_question(event)
    question.refresh_from_db()
    columns = guess_mapping(
        ["Vārds", "Vārds (2)", "E-mail", "E-pasts", "Lunch", "lunch ", "Statuss", "Reference"], [question]
    )
    assert list(columns.values()) == ["first_name", "", "email", "", "answers.lunch", "", "", ""]
    assert find_problems(columns) == ["Please choose the columns that contain first and last names."]
    assert find_problems({"a": "full_name", "b": "last_name", "c": "email"}) != []
    assert find_problems({"a": "full_name", "b": "email", "c": "email"}) != []
    assert find_problems({"a": "full_name"}) == ["Please choose the column that contains e-mail addresses."]
    assert find_problems({"a": "full_name", "b": "email", "c": ""}) == []


def test_people_who_share_an_address_are_added_and_the_same_person_twice_is_one():
    event, address = make_event(), "biblioteka@example.lv"
    known = make_registration(event, email=address, first_name="Siobhan", last_name="O’Connor")
    people = [
        *(["Anna", "Bērziņa"], ["Ilze", "Kalniņa"]),
        *(["BĒRZIŅA,", "anna"], ["Siobhán", "O'Connor"], ["Anna", "Kalniņa"]),
    ]
    lines = (["Vārds", "Uzvārds", "E-pasts"], *([*names, address] for names in people))
    rows = preview_file(make_csv(*lines, encoding="utf-8"), event)
    assert get_outcomes(rows) == ["place", "place", "duplicate", "duplicate", "place"]
    assert (rows[2].duplicate_of_line, rows[3].duplicate_of) == (2, known)
    imported = operations.register_all(event, [(row.registration, ()) for row in rows if row.is_new], notify=True)
    assert (len(imported.registrations), imported.duplicates) == (3, 0)


@pytest.mark.parametrize("number", [1, 3, 300])
def test_the_number_of_queries_does_not_grow_with_the_list(number, django_assert_num_queries):
    event = make_event()
    make_question(event)
    questions = list(event.questions.prefetch_related("choices"))
    people = [["Anna", "Bērziņa", f"anna{n}@example.lv", "LNB", "zupa"] for n in range(number)]
    table = read_table(make_xlsx([*HEADERS, "Lunch"], *people), set(get_known_headers(questions)))
    # Topics, sectors, questions with choices, full choices, venue, the keys of the people, who is registered, places.
    with django_assert_num_queries(9):
        preview_rows(table, event, guess_mapping(table.headers, questions), questions, language="lv")


def test_where_each_address_can_have_one_registration_other_people_with_it_are_errors():
    event = make_event(one_per_address=True)
    anna = make_registration(event, email="library@example.lv", first_name="Anna", last_name="Ozola")
    make_registration(event, "cancelled", email="zane@example.lv", first_name="Zane", last_name="Ozola")
    people = [
        ["Ozola", "Anna", "Library@example.lv"],  # herself
        ["Ilze", "Ozola", "library@example.lv"],
        ["Inga", "Ozola", "zane@example.lv"],
        ["Zane", "Ozola", "zane@example.lv"],
        ["Inga", "Ozola", "Zane@example.lv"],
    ]
    rows = preview_file(make_csv(["First name", "Last name", "E-mail"], *people, encoding="utf-8"), event)
    assert get_outcomes(rows) == ["duplicate", "invalid", "place", "invalid", "duplicate"]
    assert (rows[0].duplicate_of, rows[4].duplicate_of_line) == (anna, 4)
    reason = "The event takes one registration per e-mail address, and there is one with this address."
    assert rows[1].reasons == rows[3].reasons == [("", reason)]
    event.one_per_address = False
    rows = preview_file(make_csv(["First name", "Last name", "E-mail"], *people, encoding="utf-8"), event)
    assert get_outcomes(rows) == ["duplicate", "place", "place", "place", "duplicate"]

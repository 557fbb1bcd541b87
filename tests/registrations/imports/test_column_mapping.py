"""Headers as the programs write them from which organisers' lists come, and as people do."""

import pytest

from registrations.imports import guess_mapping
from registrations.imports.column_mapping import find_problems

LUMA = (
    "api_id,name,first_name,last_name,email,phone_number,created_at,approval_status,checked_in_at,custom_source,"
    "qr_code_url,amount,amount_tax,amount_discount,currency,coupon_code,eth_address,solana_address,"
    "survey_response_rating,survey_response_feedback,ticket_type_id,ticket_name,What's your company?,"
    "What's your role?,What's your LinkedIn?"
)
EVENTBRITE = (
    "Order #,Order Date,First Name,Last Name,Email,Quantity,Price Tier,Ticket Type,Attendee #,Group,Order Type,"
    "Currency,Total Paid,Fees Paid,Eventbrite Fees,Attendee Status,Home Address 1,Home City,Home Country,"
    "Are you a consultant?,Job Title,Company,Buyer First Name,Buyer Last Name,Buyer Email"
)
TITO = (
    "Number,Ticket Created Date,Ticket,Ticket Full Name,Ticket First Name,Ticket Last Name,Ticket Email,"
    "Ticket Company Name,Ticket Phone Number,Event,Void Status,Price,Ticket Reference,Unique Ticket URL,"
    "Unique Order URL,Order Reference,Order Name,Order Email,Order Company Name,Order Phone Number,Order IP"
)
PRETIX = (
    "Event slug,Order code,Position ID,Status,Email,Phone number,Order date,Product,Variation,Price,Attendee name,"
    "Attendee name: Given name,Attendee name: Family name,Attendee email,Company,Address,ZIP code,City,Country,State,"
    "Voucher,Seat name,Order comment,Company (2),Invoice address name,Invoice address name: Given name,Country (2)"
)
MICROSOFT = (
    "ID,Start time,Completion time,Email,Name,Last modified time,First name,Last name,E-mail address,"
    "Which organisation do you represent?,Do you agree to photos?"
)
MICROSOFT_IN_LATVIAN = (
    "ID,Sākuma laiks,Pabeigšanas laiks,E-pasts,Vārds,Vārds (2),Uzvārds,E-pasta adrese,Kādu iestādi Jūs pārstāvat?,"
    "Ieņemamais amats"
)
GOOGLE = "Timestamp;Email Address;Jūsu vārds;Jūsu uzvārds;Iestāde, kuru pārstāvat;Jūsu amats;Piekrītu foto"
GOOGLE_IN_BOTH = (
    "Laikspiedols;E-pasta adrese;Vārds, uzvārds *;Organizācija / Organisation;Valsts (Country);Amats / Position"
)


def guess(headers: str, *rows: str, delimiter=",") -> dict[str, str]:
    """The columns that are recognised, by what they fill."""
    cells = [row.split(delimiter) for row in rows]
    columns = guess_mapping(headers.split(delimiter), [], cells)
    return {field: header for header, field in columns.items() if field}


@pytest.mark.parametrize(
    ("headers", "delimiter", "expected"),
    [
        (
            LUMA,
            ",",
            {
                "first_name": "first_name",
                "last_name": "last_name",
                "email": "email",
                "organisation": "What's your company?",
                "job_title": "What's your role?",
            },
        ),
        (
            EVENTBRITE,
            ",",
            {
                "first_name": "First Name",
                "last_name": "Last Name",
                "email": "Email",
                "country": "Home Country",
                "job_title": "Job Title",
                "organisation": "Company",
            },
        ),
        (
            TITO,
            ",",
            {
                "first_name": "Ticket First Name",
                "last_name": "Ticket Last Name",
                "email": "Ticket Email",
                "organisation": "Ticket Company Name",
            },
        ),
        (
            PRETIX,
            ",",
            {
                "first_name": "Attendee name: Given name",
                "last_name": "Attendee name: Family name",
                "email": "Attendee email",
                "organisation": "Company",
                "country": "Country",
            },
        ),
        (
            MICROSOFT,
            ",",
            {
                "first_name": "First name",
                "last_name": "Last name",
                "email": "E-mail address",
                "organisation": "Which organisation do you represent?",
            },
        ),
        (
            MICROSOFT_IN_LATVIAN,
            ",",
            {
                "first_name": "Vārds (2)",
                "last_name": "Uzvārds",
                "email": "E-pasta adrese",
                "organisation": "Kādu iestādi Jūs pārstāvat?",
                "job_title": "Ieņemamais amats",
            },
        ),
        (
            GOOGLE,
            ";",
            {
                "email": "Email Address",
                "first_name": "Jūsu vārds",
                "last_name": "Jūsu uzvārds",
                "organisation": "Iestāde, kuru pārstāvat",
                "job_title": "Jūsu amats",
            },
        ),
        (
            GOOGLE_IN_BOTH,
            ";",
            {
                "email": "E-pasta adrese",
                "full_name": "Vārds, uzvārds *",
                "organisation": "Organizācija / Organisation",
                "country": "Valsts (Country)",
                "job_title": "Amats / Position",
            },
        ),
    ],
    ids=["luma", "eventbrite", "tito", "pretix", "microsoft", "microsoft-lv", "google", "google-both"],
)
def test_lists_of_other_programs_are_recognised(headers, delimiter, expected):
    assert guess(headers, delimiter=delimiter) == expected


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Uzvārds (obligāti)", "last_name"),
        ("Jūsu vārds", "first_name"),
        ("firstName", "first_name"),
        ("FAMILY_NAME", "last_name"),
        ("Dalībnieka e-pasts", "email"),
        ("Norādiet savu e-pasta adresi:", "email"),
        ("What is your e-mail address?", "email"),
        ("Attendee - First name", "first_name"),
        ("Iestādes nosaukums", "organisation"),
        ("Name of the institution", "organisation"),
        ("What company do you work for?", "organisation"),
        ("COUNTRY/REGION", "country"),
        ("What country are you from?", "country"),
        ("Name (as on your badge)", "full_name"),
        ("Vārds un uzvārds", "full_name"),
        ("Name, surname", "full_name"),
        ("Uzvārds Vārds", "name_last_first"),
        ("Uzvārds, Vārds", "name_last_first"),
        ("Surname and first name", "name_last_first"),
        ("Last name / First name", "name_last_first"),
    ],
)
def test_a_header_is_recognised_by_its_words(header, field):
    assert guess(header, delimiter="|") == {field: header}


@pytest.mark.parametrize(
    "header",
    [
        *("Organisation type", "E-mail consent", "Country code", "Country of phone", "Company size", "Job function"),
        *("Contact person", "Kontaktpersonas e-pasts", "Order Email", "Buyer name", "Ticket name", "Ticket title"),
        *("Attendee #", "Dalībnieka Nr.", "Number of attendees", "Position ID", "Iestādes veids", "Bērna vārds"),
        *("E-pasta piekrišana", "Name (company)", "Name of emergency contact", "Do you represent an organisation?"),
        *("Your position on AI", "Title of your talk", "Library card", "Organizācija / tālrunis", "", "?", "#"),
    ],
)
def test_a_header_about_something_else_is_left_out(header):
    assert guess(header, delimiter="|") == {}


@pytest.mark.parametrize(
    ("headers", "rows", "expected"),
    [
        # An e-mail column is one that holds addresses.
        (
            "Email,Name,Vārds,Uzvārds,E-pasts",
            ["anonymous,,Anna,Bērziņa,anna@example.lv", "anonymous,,Ilze,Liepa,ilze@example.lv"],
            {"first_name": "Vārds", "last_name": "Uzvārds", "email": "E-pasts"},
        ),
        ("Kas,Kur", ["Anna Liepa,anna@example.lv", "Ilze Ozola,-"], {"email": "Kur"}),
        ("Kas,Kur", ["Anna Liepa,anna@example.lv", "Ilze Ozola,vēlāk"], {}),
        ("Kur,Kur vēl", ["anna@example.lv,liepa@example.lv"], {}),
        ("Twitter,Order email,Kontaktpersonas e-pasts", ["@anna,a@example.lv,b@example.lv"], {}),
        # An address that only who paid has is the better one.
        ("Name,Email,Attendee email", ["Anna Liepa,a@example.lv,"], {"full_name": "Name", "email": "Email"}),
        # A name beside its two parts is for the rows in which they are empty.
        (
            "name,first_name,last_name",
            ["Anna Liepa,Anna,Liepa", "Ilze Ozola,,"],
            {"full_name": "name", "first_name": "first_name", "last_name": "last_name"},
        ),
        ("Name,Surname", ["Anna,Liepa"], {"first_name": "Name", "last_name": "Surname"}),
        ("Name,Surname", ["Anna Liepa,Liepa", "Ilze Ozola,Ozola"], {"full_name": "Name"}),
        ("Vārds,E-pasts", ["Anna Liepa,a@example.lv", "Ilze Ozola,"], {"full_name": "Vārds", "email": "E-pasts"}),
        ("Attendee name,Attendee name: Given name", ["Anna Liepa,Anna"], {"full_name": "Attendee name"}),
        # Numbers are no names, and salutations no job titles.
        ("Attendee,Title,Company", ["2,Mrs,17", "3,Dr.,18"], {}),
    ],
)
def test_what_is_in_the_cells_decides_between_columns(headers, rows, expected):
    assert guess(headers, *rows) == expected


@pytest.mark.parametrize(
    ("fields", "is_possible"),
    [
        (["full_name", "email"], True),
        (["name_last_first", "email"], True),
        (["full_name", "first_name", "last_name", "email"], True),
        (["full_name", "name_last_first", "email"], False),
        (["name_last_first", "first_name", "email"], False),
        (["first_name", "email"], False),
        (["full_name"], False),
    ],
)
def test_columns_of_names_go_together(fields, is_possible):
    assert (find_problems({field: field for field in fields}) == []) == is_possible

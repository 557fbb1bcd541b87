from datetime import date

import pytest
from django.core.exceptions import ValidationError

from registrations.imports.spellings.date_reader import DateReader

DAY = date(2027, 9, 19)


@pytest.mark.parametrize(
    "text",
    [
        *("19.09.2027", "19.9.2027", "19.9.2027.", "19. 9. 2027", "19.09.27", "19-09-2027", "19/09/2027", "19/9/27"),
        *("2027-09-19", "2027.09.19.", "2027/9/19", "2027-09-19T00:00:00", "2027-09-19 14:30", "9/19/2027"),
        *("2027-09-19T10:00:00.000Z", "19.09.2027 10:00:00", "9/19/27 6:01:00 PM", "46649", "46649.0"),
        *("19. septembris 2027", "2027. gada 19. septembris", "2027.gada 19.septembrī", "19. SEPTEMBRIS, 2027. g."),
        *("19 September 2027", "September 19, 2027", "19th of September 2027", "Sun, 19 Sep 2027", "19-Sep-2027"),
        *("svētdien, 2027. gada 19. septembrī", "Sunday, September 19th, 2027"),
    ],
)
def test_days_are_read_as_people_and_programs_write_them(text):
    assert DateReader([text]).read(text) == DAY


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. janvāris 2027", date(2027, 1, 1)),
        ("2. marts 2027", date(2027, 3, 2)),
        ("3. maijā 2027", date(2027, 5, 3)),
        ("3 May 2027", date(2027, 5, 3)),
        ("4. jūnijs 2027", date(2027, 6, 4)),
        ("5. jūlijā 2027", date(2027, 7, 5)),
        ("6. augustā 2027", date(2027, 8, 6)),
        ("7. oktobris 2027", date(2027, 10, 7)),
        ("8. decembrī 2027", date(2027, 12, 8)),
        ("19.09.85", date(1985, 9, 19)),
    ],
)
def test_months_are_known_in_both_languages(text, expected):
    assert DateReader([]).read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("31.02.2027", "19. septembris", "septembris 2027", "2027", "19", "9", "123456", "19.09", "19/13/13/2027"),
        *("19. brumaire 2027", "19.09.2027 vai 20.09.2027", "September marts 19 2027", "varbūt", "00.00.0000"),
        *("19 19 september", "20270919999", "x" * 10_000, "9" * 10_000, "2027-09-19" * 900),
    ],
)
def test_what_is_no_day_is_refused_in_words(text):
    with pytest.raises(ValidationError, match=r"is not a date; enter one such as 19\.09\.2026\."):
        DateReader([text]).read(text)


@pytest.mark.parametrize("text", ["", "-", "–"])
def test_nothing_is_no_day(text):
    assert DateReader([]).read(text) is None


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["9/10/2027"], [date(2027, 10, 9)]),
        (["9/10/2027", "9/19/2027"], [date(2027, 9, 10), date(2027, 9, 19)]),
        (["9/10/2027", "19/9/2027"], [date(2027, 10, 9), date(2027, 9, 19)]),
        (["9/10/2027", "9/19/2027", "19/9/2027", "9/9/2027"], [None, DAY, DAY, date(2027, 9, 9)]),
    ],
)
def test_the_column_tells_whether_the_month_comes_first(cells, expected):
    reader = DateReader(cells)

    def read(text):
        try:
            return reader.read(text)
        except ValidationError:
            return None

    assert [read(text) for text in cells] == expected

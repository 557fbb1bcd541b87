import pytest

from registrations.imports.spellings.full_names import split_full_name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anna Bērziņa", ("Anna", "Bērziņa", "")),
        ("Anna Marija Bērziņa-Kalniņa", ("Anna Marija", "Bērziņa-Kalniņa", "")),
        ("Bērziņa, Anna Marija", ("Anna Marija", "Bērziņa", "")),
        ("Jan van der Berg", ("Jan", "van der Berg", "")),
        ("Leonardo da Vinci", ("Leonardo", "da Vinci", "")),
        ("Van Morrison", ("Van", "Morrison", "")),
        ("Ludwig van Beethoven Jr.", ("Ludwig", "van Beethoven Jr.", "")),
        ("Martin King, Jr.", ("Martin", "King Jr.", "")),
        ("Dr. Anna Bērziņa", ("Anna", "Bērziņa", "")),
        ("Dr.Anna Bērziņa", ("Anna", "Bērziņa", "")),
        ("Prof. Dr. habil. Jānis Ozols", ("Jānis", "Ozols", "")),
        ("Dr. sc. ing. Jānis Ozols", ("Jānis", "Ozols", "")),
        ("Drew Ozols", ("Drew", "Ozols", "")),
        ("J. Ozols", ("J.", "Ozols", "")),
        ("Anna Bērziņa (direktore)", ("Anna", "Bērziņa", "direktore")),
        ("Suharto", ("Suharto", "", "")),
        ("(Anna)", ("(Anna)", "", "Anna")),
        ("", ("", "", "")),
    ],
)
def test_the_last_name_is_found_in_a_full_name(text, expected):
    assert split_full_name(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bērziņa Anna", ("Anna", "Bērziņa", "")),
        ("Liepiņa-Ozola Marta Elza", ("Marta Elza", "Liepiņa-Ozola", "")),
        ("van der Berg Jan", ("Jan", "van der Berg", "")),
        ("García López, María", ("María", "García López", "")),
        ("Bērziņa Anna (direktore)", ("Anna", "Bērziņa", "direktore")),
        ("Suharto", ("Suharto", "", "")),
        ("", ("", "", "")),
    ],
)
def test_the_last_name_comes_first_where_the_header_says_so(text, expected):
    assert split_full_name(text, last_name_first=True) == expected

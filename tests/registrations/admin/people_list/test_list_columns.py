"""The columns of the list of registrations."""

import pytest

from registrations.admin.people_list.list_columns import email
from registrations.models import Registration


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("anna@example.lv", '<a href="mailto:anna@example.lv">anna<wbr>@example<wbr>.lv</a>'),
        ("a.b+c@d-e.lv", '<a href="mailto:a.b+c@d-e.lv">a<wbr>.b<wbr>+c<wbr>@d<wbr>-e<wbr>.lv</a>'),
        ("o'x?&y@example.lv", '<a href="mailto:o%27x%3F%26y@example.lv">o&#x27;x?&amp;y<wbr>@example<wbr>.lv</a>'),
    ],
)
def test_an_address_can_be_written_to_and_breaks_between_its_parts(address, expected):
    assert email(Registration(email=address)) == expected

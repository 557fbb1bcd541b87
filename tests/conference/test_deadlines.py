"""A date stands in a sentence as the language asks for it."""

from datetime import UTC, datetime

import pytest
from django.template import engines
from django.utils.timezone import override as zone
from django.utils.translation import override

from conference.local_time import format_deadline

LATVIAN_MONTHS = [
    "janvārim",
    "februārim",
    "martam",
    "aprīlim",
    "maijam",
    "jūnijam",
    "jūlijam",
    "augustam",
    "septembrim",
    "oktobrim",
    "novembrim",
    "decembrim",
]


@pytest.mark.parametrize(("month", "dative"), list(enumerate(LATVIAN_MONTHS, start=1)))
def test_latvian_puts_the_month_into_the_dative(month, dative):
    with override("lv"):
        assert format_deadline(datetime(2027, month, 7, 9, 5, tzinfo=UTC)) == f"2027. gada 7. {dative} plkst. 09:05"


def test_english_leaves_it_as_it_is():
    assert format_deadline(datetime(2027, 9, 17, 23, 59, tzinfo=UTC)) == "17 September 2027, 23:59"


def test_no_time_says_nothing():
    assert format_deadline(None) == ""


def test_a_page_tells_it_by_the_clock_of_the_place():
    template = engines["django"].from_string("{% load conference %}{{ moment|format_deadline }}")
    moment = datetime(2027, 9, 17, 21, 30, tzinfo=UTC)
    with override("lv"), zone("Europe/Riga"):
        assert template.render({"moment": moment}) == "2027. gada 18. septembrim plkst. 00:30"
    with zone("UTC"):
        assert template.render({"moment": moment}) == "17 September 2027, 21:30"
        assert template.render({"moment": None}) == ""

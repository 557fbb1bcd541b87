from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from conference.local_time import LocalDateTimeField, localize, shift

RIGA = ZoneInfo("Europe/Riga")


def test_a_time_is_the_moment_that_the_clock_of_the_place_shows():
    assert localize(datetime(2027, 7, 1, 10), RIGA).astimezone(UTC) == datetime(2027, 7, 1, 7, tzinfo=UTC)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (
            "2027-03-28",
            "03:30 does not exist on that day in Europe/Riga: the clocks go forward. Please choose another time.",
        ),
        (
            "2027-10-31",
            "03:30 occurs twice on that day in Europe/Riga: the clocks go back. Please choose another time.",
        ),
    ],
)
def test_an_hour_that_is_skipped_or_comes_twice_is_refused_in_words(day, sentence):
    with timezone.override("Europe/Riga"), pytest.raises(ValidationError) as refusal:
        LocalDateTimeField().clean([day, "03:30"])
    assert refusal.value.messages == [sentence]


def test_the_hours_around_the_change_are_taken():
    with timezone.override("Europe/Riga"):
        before, after = (
            LocalDateTimeField().clean(["2027-03-28", hour]).astimezone(UTC) for hour in ("02:59", "04:00")
        )
    assert after - before == timedelta(minutes=1)


@pytest.mark.parametrize("language", ["en", "lv"])
@pytest.mark.parametrize("day", ["2027-06-10", "10.06.2027", "10.6.2027.", "10. 06. 2027", "10. 6. 2027."])
@pytest.mark.parametrize("hour", ["09:00", "9:00", "9.00", "9", "09:00:00"])
def test_a_day_and_a_time_are_read_as_people_write_them(language, day, hour):
    with timezone.override("Europe/Riga"), translation.override(language):
        assert LocalDateTimeField().clean([day, hour]) == datetime(2027, 6, 10, 9, tzinfo=RIGA)


@pytest.mark.parametrize(
    ("language", "date_error", "time_error"),
    [
        ("en", "Please enter the date as 2027-06-10 or as 10.06.2027.", "Please enter the time of day as 14:30."),
        ("lv", "Lūdzu, ievadiet datumu kā 10.06.2027. vai 2027-06-10.", "Lūdzu, ievadiet laiku kā 14:30."),
    ],
)
def test_what_may_be_either_of_two_days_is_refused_with_the_form_that_is_asked_for(language, date_error, time_error):
    for typed, error in ((["10/06/2027", "10:00"], date_error), (["2027-06-10", "noon"], time_error)):
        with translation.override(language):
            with pytest.raises(ValidationError) as refusal:
                LocalDateTimeField().clean(typed)
            assert refusal.value.messages == [error]


def test_nothing_typed_is_nothing():
    assert LocalDateTimeField(required=False).clean(["", ""]) is None


def test_a_distance_is_kept_by_the_clock_across_the_change_to_summer_time():
    ten_in_winter = datetime(2027, 3, 27, 8, tzinfo=UTC)
    assert shift(ten_in_winter, timedelta(days=1), RIGA) == datetime(2027, 3, 28, 7, tzinfo=UTC)
    assert shift(None, timedelta(days=1), RIGA) is None

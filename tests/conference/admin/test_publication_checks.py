from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from conference.admin.publication_checks import find_errors, find_hints, find_statement_issues
from conference.models import Event, Partner
from conference.sample_event import get_sample_sentence
from tests.factories import make_event, make_picture, make_statement, make_topic

pytestmark = pytest.mark.django_db

WORDS = {"lv": "Teksts", "en": "Text"}


def make_ready_event(**values) -> Event:
    """An event that lacks nothing."""
    texts = dict.fromkeys(("summary", "description", "privacy_notice"), WORDS)
    event = make_event(**{"contact_email": "konference@lnb.lv", "capacity": 20, **texts, **values})
    make_topic(event, WORDS)
    Partner.objects.create(event=event, name=WORDS, role="organiser")
    return event


def find_error_texts(event) -> list[str]:
    return [lack.text for lack in find_errors(Event.objects.get(pk=event.pk))]


def test_an_event_with_everything_lacks_nothing():
    event = make_ready_event()
    assert find_errors(event) == find_hints(event) == []


def test_a_bare_event_lacks_its_texts_topics_and_organiser():
    assert find_error_texts(make_event()) == [
        "Summary: still empty.",
        "Description: still empty.",
        "Privacy notice: still empty.",
        "No organiser is listed.",
        "The contact address is still the sample address: organisers@example.org.",
        "There are no topics.",
    ]


@pytest.mark.parametrize(
    ("name", "expected", "anchor"),
    [
        ("title", "Title: the Latvian text is missing.", "#id_title_0"),
        ("summary", "Summary: the Latvian text is missing.", "#id_summary_0"),
        ("description", "Description: the Latvian text is missing.", "#id_description_0"),
        ("working_language", "Working language: the Latvian text is missing.", "#id_working_language_0"),
        ("privacy_notice", "Privacy notice: the Latvian text is missing.", "#id_privacy_notice_0"),
        ("fee", "Fee: the Latvian text is missing.", "#id_fee_0"),
    ],
)
def test_a_text_that_is_there_in_one_language_only_is_named_with_the_other(name, expected, anchor):
    event = make_ready_event(**{name: {"en": "Text", "lv": ""}})
    topic = "privacy" if name == "privacy_notice" else "texts"
    assert find_errors(event) == [(expected, f"/admin/conference/event/{event.pk}/settings/{topic}/{anchor}")]


def test_topics_and_sectors_are_missed_only_where_the_form_asks_for_them():
    event = make_ready_event(fee="")
    event.topics.all().delete()
    event.sectors.filter(key="library").update(label={"lv": "bibliotēkas"}, is_offered=False)
    missing = ["Bibliotēkas: sector: the English text is missing.", "There are no topics."]
    assert find_error_texts(event) == missing
    event.sectors.update(is_offered=False)
    assert find_error_texts(event) == [*missing, "The form asks for the sector, but there is none to choose."]
    Event.objects.update(asks_topics="no", asks_sector="no")
    assert find_error_texts(event) == []


def test_texts_of_the_venue_topics_and_partners_are_named_with_whose_they_are():
    event = make_ready_event()
    event.venue.directions = {"lv": "Pa tiltu"}
    event.venue.save()
    make_topic(event, {"lv": "Temats"}, position=1)
    supporter = Partner.objects.create(
        event=event, name="EU", role="supporter", funding_statement={"en": "Co-funded"}, position=1
    )
    page = f"/admin/conference/event/{event.pk}/settings"
    assert find_errors(event) == [
        (
            "National Library of Latvia: how to get there: the English text is missing.",
            f"/admin/conference/venue/{event.venue_id}/change/#id_directions_1",
        ),
        ("Temats: title: the English text is missing.", f"{page}/topics/#id_topics-1-title_1"),
        ("EU: funding statement: the Latvian text is missing.", f"{page}/partners/#id_partners-1-funding_statement_0"),
    ]
    supporter.funding_statement = ""
    supporter.save()
    assert "EU supports the event, but the funding statement is missing." in find_error_texts(event)


def test_a_text_that_is_the_same_in_every_language_lacks_none():
    assert find_error_texts(make_ready_event(title="Di-XL")) == []


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({"starts_at": -3}, ["The start of the event has already passed."]),
        ({"registration_closes_at": -3}, ["The closing time of registration has already passed."]),
        ({"registration_closes_at": 31}, ["Registration closes after the event starts."]),
        ({"registration_opens_at": 31}, ["Registration opens after it closes."]),
        ({"registration_opens_at": -9, "registration_closes_at": 9}, []),
    ],
)
def test_times_that_are_over_or_do_not_fit_are_named(days, expected):
    now = timezone.now()
    assert (
        find_error_texts(make_ready_event(**{name: now + timedelta(days=number) for name, number in days.items()}))
        == expected
    )


@pytest.mark.parametrize(
    ("address", "is_example"),
    [
        ("a@example.org", True),
        ("a@mail.Example.com", True),
        ("a@lnb.lv", False),
        ("a@notexample.org", False),
    ],
)
def test_an_example_address_is_told(address, is_example):
    assert bool(find_error_texts(make_ready_event(contact_email=address))) == is_example


def test_no_limit_and_no_map_are_only_hints():
    event = make_ready_event(capacity=None)
    event.venue.latitude = None
    event.venue.save()
    assert find_errors(event) == []
    assert [hint.text for hint in find_hints(event)] == [
        "The number of places is not limited.",
        "The venue is not on the map.",
    ]


def test_a_picture_without_words_is_a_hint_and_with_words_in_one_language_lacks_the_other():
    event = make_ready_event(picture=make_picture())
    assert [hint.text for hint in find_hints(event)] == ["The picture has no description for people who cannot see it."]
    event.picture_description = {"lv": "Lasītava"}
    event.save()
    assert find_error_texts(event) == ["What the picture shows: the English text is missing."]
    assert find_hints(Event.objects.get(pk=event.pk)) == []


def test_the_example_lacks_a_real_address_and_a_notice_that_is_no_sample():
    call_command("load_conference", verbosity=0)
    event = Event.objects.get()
    page = f"/admin/conference/event/{event.pk}/settings"
    still = "is still the sample. Replace it with your own."
    assert find_errors(event) == [
        (f"Privacy notice: the Latvian text {still}", f"{page}/privacy/#id_privacy_notice_0"),
        (f"Privacy notice: the English text {still}", f"{page}/privacy/#id_privacy_notice_1"),
        (
            "The contact address is still the sample address: konference@example.org.",
            f"{page}/emails/#id_contact_email",
        ),
    ]
    page = "/admin/conference/accessibilitystatement/1/change/"
    assert list(find_statement_issues())[1:] == [
        (f"What is not accessible: the Latvian text {still}", f"{page}#id_not_accessible_0"),
        (f"What is not accessible: the English text {still}", f"{page}#id_not_accessible_1"),
    ]


def test_a_text_is_no_sample_any_more_once_it_does_not_say_so():
    call_command("load_conference", verbosity=0)
    event = Event.objects.get()
    notice = dict(event.privacy_notice.data)
    notice["lv"] = notice["lv"].rpartition("\n\n")[0]
    event.privacy_notice = notice
    event.save()
    assert [lack.url.rpartition("#")[2] for lack in find_errors(event)] == ["id_privacy_notice_1", "id_contact_email"]


def test_a_sample_that_stands_in_every_language_is_told_for_its_own():
    text = f"Our own words.\n\n{get_sample_sentence('event', 'privacy_notice', 'en')}\n\nMore of ours."
    (lack,) = find_errors(make_ready_event(privacy_notice=text))
    assert lack.url.endswith("#id_privacy_notice_1")


@pytest.mark.parametrize("number", [1, 3, 300])
def test_the_queries_do_not_grow(django_assert_num_queries, number):
    event = make_ready_event()
    for _number in range(number):
        make_topic(event, {"lv": "Temats"})
    event = Event.objects.select_related("venue").get(pk=event.pk)
    with django_assert_num_queries(3):
        assert len(find_errors(event)) == number


def test_a_site_without_an_accessibility_statement_lacks_one():
    assert list(find_statement_issues()) == [
        (
            "There is no accessibility statement; the law requires one.",
            "/admin/conference/accessibilitystatement/add/",
        )
    ]


@pytest.mark.parametrize(("days", "expected"), [(366, []), (367, ["reviewed_on"])])
def test_the_accessibility_statement_is_to_be_reviewed_every_year(days, expected):
    then = timezone.localdate() - timedelta(days=days)
    make_statement(prepared_on=then, reviewed_on=then)
    assert [matter.url.rpartition("#id_")[2] for matter in find_statement_issues()] == expected


def test_what_the_accessibility_statement_lacks_is_named():
    make_statement(feedback_email="konference@example.org", not_accessible={"en": "PDF files"})
    page = "/admin/conference/accessibilitystatement/1/change/"
    assert list(find_statement_issues()) == [
        (
            "The feedback address in the accessibility statement is still the sample address: konference@example.org.",
            f"{page}#id_feedback_email",
        ),
        (
            "Accessibility statement: what is not accessible: the Latvian text is missing.",
            f"{page}#id_not_accessible_0",
        ),
    ]

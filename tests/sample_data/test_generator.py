from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from registrations.models import OutgoingEmail, Registration
from sample_data.generator import make_registrations
from sample_data.vocabulary import DOMAINS, get_feminine_form
from tests.factories import make_choice, make_event, make_question, make_registration, make_topic

pytestmark = pytest.mark.django_db


def make(event, number: int, **options) -> str:
    said = StringIO()
    call_command("make_registrations", event.slug, str(number), stdout=said, **{"yes": True, **options})
    return said.getvalue()


def everybody(event) -> list[tuple]:
    people = event.registrations.order_by("reference")
    return list(people.values_list("reference", "first_name", "last_name", "email", "organisation", "answers"))


@pytest.mark.parametrize(
    ("his", "hers"),
    [
        ("Bērziņš", "Bērziņa"),
        ("Ozols", "Ozola"),
        ("Lācis", "Lāce"),
        ("Eglītis", "Eglīte"),
        ("Šmits", "Šmita"),
        ("Liepa", "Liepa"),
        ("Egle", "Egle"),
    ],
)
def test_a_latvian_womans_last_name_has_its_own_ending(his, hers):
    assert get_feminine_form(his) == hers


def test_the_first_get_the_places_the_others_wait_and_some_cancelled():
    event = make_event(capacity=50)
    said = make(event, 300)
    counted = Counter(event.registrations.values_list("status", flat=True))
    assert said == f"confirmed: 50, waitlisted: {counted['waitlisted']}, cancelled: {counted['cancelled']}\n"
    assert counted["confirmed"] == 50
    assert sum(counted.values()) == 300
    assert 5 <= counted["cancelled"] <= 40
    last_place = event.registrations.filter(status="confirmed").latest("created_at").created_at
    assert event.registrations.on_waiting_list().earliest("created_at").created_at >= last_place


def test_without_a_waiting_list_or_without_a_limit_nobody_waits():
    closed, unlimited = make_event(capacity=10, waiting_list_enabled=False), make_event()
    make(closed, 100)
    make(unlimited, 100)
    assert set(closed.registrations.values_list("status", flat=True)) == {"confirmed", "cancelled"}
    assert closed.registrations.occupying_place().count() == 10
    assert not unlimited.registrations.on_waiting_list().exists()


def test_times_fit_the_status_and_none_is_in_the_future(time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    event = make_event(capacity=50)
    make(event, 300)
    now = timezone.now()
    for one in event.registrations.all():
        assert one.consented_at == one.created_at <= now
        assert one.created_at >= now - timedelta(days=61)
        assert bool(one.confirmed_at) == (one.status in ("confirmed", "cancelled"))
        assert bool(one.waiting_since) == (one.status == "waitlisted")
        assert bool(one.cancelled_at) == (one.status == "cancelled")
        assert one.created_at <= (one.cancelled_at or now) <= now
    at_night = [one for one in event.registrations.all() if one.created_at.astimezone(event.zone).hour < 6]
    assert len(at_night) < 30


def test_no_e_mail_is_queued_and_every_address_is_an_examples():
    event = make_event()
    make(event, 200)
    assert not OutgoingEmail.objects.exists()
    assert {email.partition("@")[2] for email in event.registrations.values_list("email", flat=True)} == set(DOMAINS)
    assert all(domain.endswith((".example", ".test")) or domain.startswith("example.") for domain in DOMAINS)


def test_every_sample_person_passes_the_forms_validation():
    event = make_event()
    make_topic(event)
    make(event, 100)
    for one in event.registrations.all():
        one.full_clean()
    assert event.registrations.filter(topics__isnull=False).exists()


def test_questions_of_every_kind_are_answered_as_answers_are_stored():
    event = make_event()
    make_question(event, "words", is_required=True)
    make_question(event, "long", kind="long_text", is_required=True)
    make_question(event, "number", kind="number", is_required=True)
    make_question(event, "day", kind="date", is_required=True)
    yes_no = make_question(event, "party", kind="yes_no", is_required=True)
    one_of = make_question(event, "lunch", kind="one_of", is_required=True)
    several = make_question(event, "workshops", kind="several_of", is_required=True)
    make_question(event, "song", shown_if=yes_no, shown_if_answer="yes", is_required=True, position=9)
    make_question(event, "gone", is_required=True, removed_at=timezone.now())
    for question in (one_of, several):
        make_choice(question, "a", limit=7)
        make_choice(question, "b")
        make_choice(question, "removed", removed_at=timezone.now())
    make(event, 100)
    answers = list(event.registrations.values_list("answers", flat=True))
    kinds = {"words": str, "long": str, "number": int, "day": str, "party": bool, "lunch": str, "workshops": list}
    for given in answers:
        assert {key: type(given[key]) for key in kinds} == kinds
        assert ("song" in given) == given["party"]
        assert "gone" not in given
    assert Counter(given["lunch"] for given in answers) == {"a": 7, "b": 93}
    assert Counter(key for given in answers for key in given["workshops"])["a"] == 7
    assert {key for given in answers for key in given["workshops"]} == {"a", "b"}


def test_people_have_only_what_the_event_asks_and_its_own_sectors():
    event = make_event(asks_organisation="no", asks_topics="no")
    make_topic(event)
    event.sectors.exclude(key="other").delete()
    make_registrations(event, 40)
    people = event.registrations
    assert set(people.values_list("organisation", "sector", "topics")) == {("", "other", None)}
    assert people.exclude(job_title="").exists()


def test_a_few_organisations_have_many_people():
    event = make_event()
    make(event, 2000)
    counted = Counter(event.registrations.exclude(organisation="").values_list("organisation", flat=True))
    shares = [number for _name, number in counted.most_common()]
    assert shares[0] > 10 * shares[20] > 0
    assert len(shares) > 100


def test_the_same_seed_makes_the_same_people_and_another_makes_others():
    event, other = make_event(), make_event()
    make(event, 50, seed=3)
    first = everybody(event)
    event.registrations.all().delete()
    make_registrations(event, 50, seed=3)
    assert everybody(event) == first
    make(other, 50, seed=4)
    assert {row[0] for row in everybody(other)}.isdisjoint({row[0] for row in first})


def test_more_can_be_made_after_the_first():
    event = make_event(capacity=20)
    make(event, 30)
    make(event, 30)
    assert event.registrations.count() == 60
    assert event.registrations.occupying_place().count() == 20


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere", "5"], "There is no event “nowhere”."),
        (["here", "0"], "The number must be from 1 to 1000000, not 0."),
        (["here", "-3"], "The number must be from 1 to 1000000, not -3."),
        (["here", "many"], "argument number: invalid int value: 'many'"),
    ],
)
def test_wrong_arguments_are_refused(arguments, message):
    make_event(slug="here")
    with pytest.raises(CommandError, match=message):
        call_command("make_registrations", "--", *arguments)


def test_it_adds_nobody_to_an_event_with_real_people():
    event = make_event(slug="here")
    make_registration(event)
    with pytest.raises(CommandError, match="has 1 registrations of real people"):
        make(event, 5)
    assert Registration.objects.count() == 1


def test_in_production_it_requires_yes(settings):
    settings.DEBUG = False
    event = make_event(slug="here")
    with pytest.raises(CommandError, match="Say --yes"):
        make(event, 5, yes=False)
    assert not Registration.objects.exists()
    settings.DEBUG = True
    make(event, 5, yes=False)
    assert Registration.objects.count() == 5

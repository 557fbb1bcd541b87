"""Writing to those who told a need, without seeing who they are."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from registrations import privacy
from registrations.mail import delivery
from registrations.models import Mailing, OutgoingEmail
from registrations.permissions import ORGANISERS
from tests.factories import make_choice, make_event, make_question, make_registration, restrict_to_events
from tests.registrations.admin.mail.test_mailing_admin import COMPOSE_URL, TEXT, post_preview, post_send
from tests.registrations.admin.requests import get_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    event = make_event(title="Libraries")
    diet = make_question(event, "diet", label="Diet", kind="several_of", is_about_needs=True)
    for key in ("vegan", "no_nuts"):
        make_choice(diet, key)
    make_question(event, "other", label="Other", kind="long_text", is_about_needs=True)
    make_question(event, "wheels", label="Wheelchair", kind="yes_no", is_about_needs=True)
    make_question(event, "lunch", label="Lunch", kind="yes_no")
    return event


@pytest.fixture
def people(event):
    told = {
        "Vaira": {"diet": ["vegan"]},
        "Nora": {"diet": ["no_nuts"], "lunch": True},
        "Olga": {"other": "salt"},
        "Rita": {"wheels": True},
        "Ieva": {"diet": [], "other": "", "wheels": False, "lunch": True},
    }
    people = {name: make_registration(event, first_name=name, answers=answers) for name, answers in told.items()}
    make_registration(event, "cancelled", first_name="Gone", answers={"diet": ["vegan"]})
    return people


def find_query(event, need: str) -> str:
    diet = event.questions.get(key="diet").pk
    wheels = event.questions.get(key="wheels").pk
    key = {"any": "any", "diet": str(diet), "vegan": f"{diet}:vegan", "wheels": str(wheels)}[need]
    return f"?event={event.pk}&needs={key}"


@pytest.mark.parametrize(
    ("need", "recipients"),
    [
        ("any", ["Nora", "Olga", "Rita", "Vaira"]),
        ("diet", ["Nora", "Vaira"]),
        ("vegan", ["Vaira"]),
        ("wheels", ["Rita"]),
    ],
)
def test_the_message_goes_to_them_and_no_page_says_who_they_are(organiser, event, people, need, recipients):
    # The permission to see needs is not needed.
    Group.objects.get(name=ORGANISERS).permissions.remove(Permission.objects.get(codename="view_needs"))
    query = find_query(event, need)
    pages = [get_page(organiser, f"{COMPOSE_URL}{query}")]
    assert f"This will be sent to {len(recipients)} pe" in pages[0]
    preview = post_preview(organiser, query)
    assert "<strong>Hello</strong>, Example!" in preview.content.decode()
    sent = post_send(organiser, preview, query)
    mailing = Mailing.objects.get()
    pages += [preview.content.decode(), get_page(organiser, sent["Location"])]
    pages.append(get_page(organiser, reverse("admin:registrations_outgoingemail_changelist")))
    pages += [get_page(organiser, reverse("admin:registrations_registration_change", args=[people["Ieva"].pk]))]
    for name in ("Vaira", "Nora", "Olga", "Rita"):
        person = people[name]
        assert not any(text in page for page in pages for text in (f"{name} ", person.reference, person.email)), name
    assert "Its e-mails" not in pages[2]
    for email in mailing.emails.all():
        address = reverse("admin:registrations_outgoingemail_change", args=[email.pk])
        assert organiser.get(address).status_code == 302  # as for one that does not exist
        own = get_page(organiser, reverse("admin:registrations_registration_change", args=[email.registration_id]))
        assert "message from the organisers" not in own
        assert "emails-group" not in own  # nor an empty table, which nobody else without e-mails has
    delivery.send_due()
    assert sorted(message.subject.removeprefix("News, ") for message in mail.outbox) == recipients


def test_the_page_offers_each_need_and_the_way_there(organiser, event, people):
    assert "those who told a dietary or access need, without seeing who they are" in get_page(organiser, COMPOSE_URL)
    response = organiser.get(COMPOSE_URL, {"event": event.pk, "people": "needs", "q": "Vaira", "tag": "press"})
    assert response["Location"] == f"{COMPOSE_URL}?event={event.pk}&needs=any"  # no filter narrows it down to one
    page = get_page(organiser, response["Location"])
    for label in ("Diet", "Diet: vegan", "Diet: no_nuts", "Other", "Wheelchair"):
        assert f">{label}</a>" in page
    assert "Lunch" not in page
    assert "Who these people are is not shown" in page
    assert "Preview as" not in page


def test_filters_beside_the_need_are_ignored(organiser, event, people):
    page = get_page(organiser, f"{COMPOSE_URL}{find_query(event, 'any')}&q=Vaira&selected={people['Vaira'].pk}")
    assert "This will be sent to 4 people." in page


@pytest.mark.parametrize("need", ["nonsense", "0", "1:x"])
def test_for_needs_that_do_not_exist_it_asks_again(organiser, event, people, need):
    assert "Choose who will get the message." in get_page(organiser, COMPOSE_URL, event=event.pk, needs=need)


def test_a_question_of_another_kind_or_of_an_event_that_one_may_not_see_is_no_way_round(organiser, event, people):
    lunch = event.questions.get(key="lunch").pk
    assert "Choose who will get the message." in get_page(organiser, COMPOSE_URL, event=event.pk, needs=lunch)
    restrict_to_events(organiser.user, make_event())
    response = organiser.post(f"{COMPOSE_URL}{find_query(event, 'any')}", {**TEXT, "send": "Send"})
    assert "Choose who will get the message." in response.content.decode()
    assert not OutgoingEmail.objects.exists()


def test_when_needs_are_erased_so_is_to_whom_these_messages_went(organiser, event, people):
    query = find_query(event, "any")
    post_send(organiser, post_preview(organiser, query), query)
    now = timezone.now() + timedelta(days=100)
    privacy.erase_due_needs(now, dry_run=True)
    assert OutgoingEmail.objects.count() == 4
    privacy.erase_due_needs(now)
    assert not OutgoingEmail.objects.exists()
    assert Mailing.objects.exists()

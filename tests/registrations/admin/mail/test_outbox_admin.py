import re
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from registrations.mail import delivery, outbox
from registrations.models import OutgoingEmail, Registration, Sender
from registrations.permissions import STAFF
from tests.factories import make_event, make_question, make_registration, make_user
from tests.registrations.admin.requests import LIST_URL, get_first_page, get_page

pytestmark = pytest.mark.django_db


def test_the_page_of_a_registration_lists_its_e_mails_with_state_and_error(organiser):
    event = make_event()
    make_question(event, label="Lunch")
    registration = make_registration(event, answers={"lunch": "Soup"})
    email = outbox.queue(registration, "registered")
    email.mark_failed(timezone.now(), "SMTPServerDisconnected: Connection unexpectedly closed")
    email.save()
    content = get_page(organiser, reverse("admin:registrations_registration_change", args=[registration.pk]))
    assert "failed, will be tried again" in content
    assert "SMTPServerDisconnected" in content
    assert 'name="question_lunch" value="Soup"' in content


def test_the_personal_link_is_nowhere_in_the_admin(organiser):
    registration = make_registration(make_event())
    email = outbox.queue(registration, "registered")
    delivery.send_due()
    for address in (
        LIST_URL,
        reverse("admin:registrations_registration_change", args=[registration.pk]),
        reverse("admin:registrations_outgoingemail_change", args=[email.pk]),
    ):
        assert registration.manage_token not in get_page(organiser, address)
    assert registration.manage_token in OutgoingEmail.objects.get().text
    model = ContentType.objects.get_for_model(Registration)
    response = organiser.get(reverse("admin:view_on_site", args=[model.pk, registration.pk]))
    assert registration.manage_token not in response.get("Location", "")


def test_undeliverable_e_mail_is_shown_above_the_list(organiser):
    email = outbox.queue(make_registration(make_event()), "registered")
    assert "could not be delivered" not in get_page(organiser, LIST_URL)
    email.mark_failed(timezone.now(), "refused", for_good=True)
    email.save()
    assert "1 e-mail could not be delivered." in get_page(organiser, LIST_URL)
    organiser.force_login(make_user(STAFF))
    assert "could not be delivered" not in get_page(organiser, LIST_URL)
    organiser.force_login(organiser.user)
    listed = get_page(organiser, reverse("admin:registrations_outgoingemail_changelist"), state="given_up")
    assert email.to in listed


def test_the_outbox_cannot_be_asked_for_what_it_does_not_show(organiser):
    registration = make_registration(make_event())
    outbox.queue(registration, "registered")
    delivery.send_due()
    address = reverse("admin:registrations_outgoingemail_changelist")
    assert organiser.get(address, {"text__contains": registration.manage_token}).status_code == 400
    assert organiser.get(LIST_URL, {"internal_note__contains": "x"}).status_code == 400


def get_health_page(client) -> str:
    return get_page(client, reverse("admin:registrations_outgoingemail_health"))


def test_the_health_page_tells_what_waits_what_failed_and_why(organiser):
    event = make_event()
    for number in range(3):
        outbox.queue(make_registration(event), "registered")
        if number:
            OutgoingEmail.objects.filter(pk=OutgoingEmail.objects.latest("pk").pk).update(
                next_attempt_at=None, last_error="550 No such user"
            )
    text = " ".join(get_health_page(organiser).split())
    assert re.search(r"Waiting to be sent</th><td><a [^>]+>1</a>", text)
    assert re.search(r"Failed</th><td><a [^>]+>2</a>", text)
    assert "<td>550 No such user</td><td>2</td>" in text
    assert "Sender last ran</th><td>never" in text


def test_a_banner_on_every_page_says_that_nobody_sends(organiser, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    outbox.queue(make_registration(make_event()), "registered")
    assert "Is it running?" not in get_first_page(organiser)
    time_machine.shift(timedelta(minutes=10, seconds=1))
    assert "1 e-mail is waiting, and the sender has not run for ten minutes." in " ".join(
        get_first_page(organiser).split()
    )
    delivery.send_due()
    assert "Is it running?" not in get_first_page(organiser)


def test_an_outage_of_the_mail_server_is_explained_and_after_half_an_hour_shown_everywhere(organiser, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    late = "E-mail has been waiting for more than half an hour."
    outbox.queue(make_registration(make_event()), "registered")
    delivery.send_due()
    text = get_health_page(organiser)
    assert "E-mail is not being sent, because the mail server does not accept it." in text
    assert "<br>ConnectionRefusedError: [Errno 111] Connection refused</td>" in text
    assert "E-mail is working" not in text
    assert late not in get_first_page(organiser)
    Sender.objects.update(outage_since=timezone.now() - timedelta(minutes=30, seconds=1))
    assert late in get_first_page(organiser)


def test_staff_who_may_not_see_the_outbox_see_no_banner_and_no_health(staff):
    outbox.queue(make_registration(make_event()), "registered")
    OutgoingEmail.objects.update(next_attempt_at=None, last_error="550")
    assert "could not be delivered" not in get_first_page(staff)
    for name in ("health", "changelist"):
        assert staff.get(reverse(f"admin:registrations_outgoingemail_{name}")).status_code == 403
    assert staff.post(reverse("admin:registrations_outgoingemail_test")).status_code == 403
    pk = OutgoingEmail.objects.get().pk
    assert staff.post(reverse("admin:registrations_outgoingemail_again", args=[pk])).status_code == 403


def test_a_test_e_mail_goes_through_the_outbox_to_whoever_asks(organiser):
    address = reverse("admin:registrations_outgoingemail_test")
    assert organiser.get(address).status_code == 405
    response = organiser.post(address, follow=True)
    assert "Your account has no e-mail address." in response.content.decode()
    assert not OutgoingEmail.objects.exists()
    organiser.user.email = "me@example.lv"
    organiser.user.save()
    response = organiser.post(address, follow=True)
    assert "A test e-mail is on its way to me@example.lv." in response.content.decode()
    assert delivery.send_due() == (1, 0)
    assert mail.outbox[0].to == ["me@example.lv"]
    assert mail.outbox[0].subject == "Test e-mail from the registration site"


def test_a_message_is_sent_again_as_things_stand_now(organiser):
    registration = make_registration(make_event(), first_name="Anna")
    outbox.queue(registration, "registered")
    delivery.send_due()
    email = OutgoingEmail.objects.get()
    registration.first_name = "Annija"
    registration.save()
    organiser.post(reverse("admin:registrations_outgoingemail_again", args=[email.pk]))
    assert delivery.send_due() == (1, 0)
    assert "Hello Annija," in mail.outbox[1].body


def test_what_was_given_up_is_sent_again_from_the_list(organiser):
    outbox.queue(make_registration(make_event()), "registered")
    OutgoingEmail.objects.update(next_attempt_at=None, last_error="550 No such user", attempts=1)
    address = reverse("admin:registrations_outgoingemail_changelist")
    chosen = OutgoingEmail.objects.get().pk
    response = organiser.post(address, {"action": "send_again", "_selected_action": [chosen]}, follow=True)
    assert "E-mails on their way again: 1." in response.content.decode()
    assert delivery.send_due() == (1, 0)


def test_what_was_erased_is_not_sent_again(organiser):
    outbox.queue(make_registration(make_event()), "registered")
    OutgoingEmail.objects.update(next_attempt_at=None, to="")
    chosen = OutgoingEmail.objects.get().pk
    organiser.post(reverse("admin:registrations_outgoingemail_again", args=[chosen]))
    assert delivery.send_due() == (0, 0)


@pytest.mark.parametrize("status", ["cancelled", "waitlisted"])
def test_what_is_not_true_any_more_is_not_sent_again(organiser, status, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    registration = make_registration(make_event(), status)
    email = outbox.queue(registration, "registered")
    OutgoingEmail.objects.update(next_attempt_at=None, sent_at=timezone.now())
    time_machine.shift(60)
    organiser.post(reverse("admin:registrations_outgoingemail_again", args=[email.pk]))
    delivery.send_due()
    assert mail.outbox == []
    email.refresh_from_db()
    assert email.state == "out of date, not sent"


def test_the_newest_fifty_are_listed_without_reading_their_texts(organiser):
    registration = make_registration(make_event())
    emails = [outbox.queue(registration, "registered") for _number in range(53)]
    delivery.send_due()
    address = reverse("admin:registrations_outgoingemail_changelist")
    with CaptureQueriesContext(connection) as captured:
        page = get_page(organiser, address)
    shown = re.findall(r'name="_selected_action" value="(\d+)"', page)
    assert list(map(int, shown)) == [email.pk for email in reversed(emails[3:])]
    assert not any('"html"' in one["sql"] for one in captured)


def test_an_e_mail_that_is_sent_again_is_written_again(organiser):
    email = outbox.queue(make_registration(make_event()), "registered")
    delivery.send_due()
    organiser.post(reverse("admin:registrations_outgoingemail_again", args=[email.pk]))
    email.refresh_from_db()
    assert (email.sent_at, email.subject, email.text, email.html) == (None, "", "", "")

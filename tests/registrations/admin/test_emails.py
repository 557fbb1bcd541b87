from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from registrations import emails
from registrations.groups import STAFF
from registrations.models import OutgoingEmail, Registration
from tests.factories import make_event, make_question, make_registration, make_user
from tests.registrations.admin.pages import LIST, page

pytestmark = pytest.mark.django_db


def test_the_page_of_a_registration_lists_its_e_mails_with_state_and_error(organiser):
    event = make_event()
    make_question(event, label="Lunch")
    registration = make_registration(event, answers={"lunch": "Soup"})
    email = emails.queue(registration, "registered")
    email.mark_failed(timezone.now(), "SMTPServerDisconnected: Connection unexpectedly closed")
    email.save()
    content = page(organiser, reverse("admin:registrations_registration_change", args=[registration.pk]))
    assert "failed, will be tried again" in content
    assert "SMTPServerDisconnected" in content
    assert "Lunch: Soup" in content


def test_the_personal_link_is_nowhere_in_the_admin(organiser):
    registration = make_registration(make_event())
    email = emails.queue(registration, "registered")
    emails.send_due()
    for address in (
        LIST,
        reverse("admin:registrations_registration_change", args=[registration.pk]),
        reverse("admin:registrations_outgoingemail_change", args=[email.pk]),
    ):
        assert registration.manage_token not in page(organiser, address)
    assert registration.manage_token in OutgoingEmail.objects.get().text
    model = ContentType.objects.get_for_model(Registration)
    response = organiser.get(reverse("admin:view_on_site", args=[model.pk, registration.pk]))
    assert registration.manage_token not in response.get("Location", "")


def test_undeliverable_e_mail_is_shown_above_the_list(organiser):
    email = emails.queue(make_registration(make_event()), "registered")
    assert "could not be delivered" not in page(organiser, LIST)
    email.mark_failed(timezone.now() + timedelta(days=4), "refused")
    email.save()
    assert "1 e-mail could not be delivered." in page(organiser, LIST)
    organiser.force_login(make_user(STAFF))
    assert "could not be delivered" not in page(organiser, LIST)
    organiser.force_login(organiser.user)
    listed = page(organiser, reverse("admin:registrations_outgoingemail_changelist"), state="given_up")
    assert email.to in listed


def test_the_outbox_cannot_be_asked_for_what_it_does_not_show(organiser):
    registration = make_registration(make_event())
    emails.queue(registration, "registered")
    emails.send_due()
    address = reverse("admin:registrations_outgoingemail_changelist")
    assert organiser.get(address, {"text__contains": registration.manage_token}).status_code == 400
    assert organiser.get(LIST, {"internal_note__contains": "x"}).status_code == 400

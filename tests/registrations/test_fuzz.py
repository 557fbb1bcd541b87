"""Any text in the form leads to a page with errors, or to a registration that shows the text as typed."""

import csv
import io
from email import message_from_bytes, policy

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from conference.text.cleanup import clean_line, clean_lines
from conference.text.email_addresses import decode_domain
from registrations.exports.access import OPERATOR_ACCESS
from registrations.exports.csv_writer import escape_formula
from registrations.exports.lists import write_registrations
from registrations.forms.fields import NameField, NormalizedEmailField
from registrations.mail import delivery
from registrations.mail.content import can_be_shown, display_value
from registrations.models import OutgoingEmail, Registration
from tests.factories import make_event, make_question, make_user

NASTY = [
    "\x00",
    "\x07bell",
    "x" * 10_000,
    "🙂👩‍👩‍👧",
    "שלום \u202eevil",
    "e\u0301\u0327",
    "<script>alert(1)</script>",
    "Anna\r\nBcc: everybody@example.org",
    "=HYPERLINK(1)",
    "+1",
    "-1",
    "@SUM(1)",
    "\t=1",
    "'",
    '"',
    "'=1",
    "{{ 7 }}{% now %}",
    "%s %(x)s",
    "\\",
    "   ",
    "\ud800".encode("utf-8", "replace").decode(),
    "ﷺ" * 50,
]
INVALID_EMAILS = [
    "",
    "anna",
    "anna@",
    "@example.lv",
    "a b@example.lv",
    "anna@example",
    "anna@@example.lv",
    "anna@example.lv\r\nBcc: x@example.lv",
    "Bcc: <x@example.lv> anna@example.lv",
    "anna@example.lv, janis@example.lv",
    "anna@" + "x" * 300 + ".lv",
    "a" * 400 + "@example.lv",
]
VALID_EMAILS = [
    "anna@example.lv",
    "=anna@example.lv",
    "+anna@example.lv",
    "'=anna@example.lv",
    '"very.odd"@example.lv',
    "o'brien@example.lv",
    "<anna@example.lv>",
    "anna@bibliotēka.lv",
]

texts = st.one_of(st.text(max_size=30), st.sampled_from(NASTY))
addresses = st.one_of(st.sampled_from(VALID_EMAILS), st.sampled_from(INVALID_EMAILS), st.emails(), texts)

PLAIN = {
    "first_name": "Anna",
    "last_name": "Bērziņa",
    "organisation": "",
    "job_title": "",
    "email": "anna@example.lv",
    "country": "LV",
    "sector": "library",
    "lunch": "",
    "language": "lv",
}


@pytest.mark.slow
class AnyTextTest(TestCase):
    def setUp(self):
        cache.clear()
        self.event = make_event()
        make_question(self.event, "lunch", kind="long_text")

    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        first_name=texts,
        last_name=texts,
        organisation=texts,
        job_title=texts,
        email=addresses,
        country=st.one_of(st.sampled_from(["", "LV", "EE", "XX"]), texts),
        sector=st.one_of(st.sampled_from(["", "library", "other"]), texts),
        lunch=texts,
        language=st.sampled_from(["lv", "en"]),
    )
    @example(**PLAIN)
    @example(**{**PLAIN, "first_name": "=1+1", "last_name": "-Anna", "email": "=a@example.lv", "lunch": "=1\r\n+2"})
    @example(**{**PLAIN, "first_name": "<b>", "email": '"<b>"@example.lv', "lunch": "<script>\n</script>"})
    @example(**{**PLAIN, "organisation": "&amp;", "job_title": "{{ 7 }}{% now %}", "lunch": "%s"})
    def test_an_error_or_a_registration_that_comes_back_the_same(self, language, lunch, **typed):
        response = Client(raise_request_exception=False).post(
            f"/{language}/{self.event.slug}/register/", {**typed, "question_lunch": lunch, "consent": "on"}
        )
        if response.status_code == 200:
            assert 'id="errors"' in response.content.decode()
            assert not Registration.objects.exists()
            return
        assert response.status_code == 302
        registration = Registration.objects.get()
        expected = {name: clean_line(value) for name, value in typed.items()}
        expected |= {name: NameField(required=False).clean(typed[name]) for name in ("first_name", "last_name")}
        expected["email"] = NormalizedEmailField().clean(typed["email"])
        assert {name: getattr(registration, name) for name in typed} == expected
        lunch = clean_lines(lunch)
        assert registration.answers == ({"lunch": lunch} if lunch else {})
        self.comes_back(registration, language)

    def comes_back(self, registration, language):
        """On the personal page, in the admin, in the e-mail and in the CSV."""
        shown = [registration.first_name, registration.last_name, decode_domain(registration.email)]
        shown += [registration.organisation, registration.job_title]

        page = Client().get(f"/{language}/r/{registration.manage_token}/").content.decode()
        assert [text for text in shown if str(escape(text)) not in page] == []
        assert "<script>" not in page

        admin = Client()
        admin.force_login(make_user(is_superuser=True))
        address = reverse("admin:registrations_registration_change", args=[registration.pk])
        page = admin.get(address).content.decode()
        assert [text for text in shown if str(escape(text)) not in page] == []
        assert "<script>alert" not in page

        mail.outbox.clear()
        assert delivery.send_due() == (1, 0), OutgoingEmail.objects.get().last_error
        message = message_from_bytes(mail.outbox[0].message().as_bytes(), policy=policy.default)
        assert message["Bcc"] is None
        plain, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
        told = [text for text in shown if can_be_shown(text, registration)]
        written = [display_value(text, registration.email) for text in told]
        assert [text for text in written if text not in plain] == []
        assert [text for text in written if str(escape(text)) not in html] == []
        assert "<script>" not in html

        with translation.override("en"):
            file, _count, _columns = write_registrations(Registration.objects.all(), "csv", OPERATOR_ACCESS)
        with file:
            header, row = csv.reader(io.StringIO(file.read().decode("utf-8-sig"), newline=""), delimiter=";")
        cells = dict(zip(header, row, strict=True))
        assert cells["First name"] == escape_formula(registration.first_name)
        assert cells["Last name"] == escape_formula(registration.last_name)
        assert cells["E-mail"] == escape_formula(registration.email)
        assert cells["Organisation"] == escape_formula(registration.organisation)
        assert cells["Job title"] == escape_formula(registration.job_title)
        assert cells["Lunch"] == escape_formula(registration.answers.get("lunch", ""))


@pytest.mark.django_db
@pytest.mark.parametrize("email", INVALID_EMAILS)
def test_an_invalid_address_is_answered_with_the_form(client, email):
    event = make_event()
    typed = {"first_name": "Anna", "last_name": "Bērziņa", "email": email, "consent": "on"}
    response = client.post(f"/lv/{event.slug}/register/", typed)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["email"]
    assert not Registration.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("email", VALID_EMAILS)
def test_an_odd_but_valid_address_gets_its_e_mail(client, email):
    event = make_event()
    typed = {"first_name": "Anna", "last_name": "Bērziņa", "email": email, "consent": "on"}
    assert client.post(f"/lv/{event.slug}/register/", typed).status_code == 302
    assert delivery.send_due() == (1, 0), OutgoingEmail.objects.get().last_error
    assert mail.outbox[0].to == [NormalizedEmailField().clean(email)]

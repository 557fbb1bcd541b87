"""Writing to many people at once: compose, preview, send."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from i18nfield.forms import I18nModelForm

from conference.admin.text_fields import (
    TranslatedLineField,
    TranslatedLineWidget,
    TranslatedTextField,
    TranslatedTextWidget,
)
from conference.models import Event, is_pk
from registrations.admin.extra_pages import admin_view, log_addition, render_page
from registrations.admin.selection import get_selection
from registrations.mail import outbox
from registrations.mail.content import render_email
from registrations.mail.rendering import RenderedEmail
from registrations.models import Mailing, OutgoingEmail, Registration, RegistrationQuerySet
from registrations.placeholders import NAMES

MAX_PREVIEW_PEOPLE = 200


class MailingForm(I18nModelForm):
    class Meta:
        model = Mailing
        fields = ["subject", "text"]
        field_classes = {"subject": TranslatedLineField, "text": TranslatedTextField}
        widgets = {"subject": TranslatedLineWidget, "text": TranslatedTextWidget}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.enable_markdown()

    def fingerprint(self, recipients: RegistrationQuerySet) -> str:
        """Return a hash of the message and its recipients, so that only what was previewed is sent."""
        keys = ",".join(str(key) for key in recipients.order_by("pk").values_list("pk", flat=True))
        words = [str(self.cleaned_data[name].data) for name in self.Meta.fields]
        return salted_hmac("registrations.mailing", "\0".join([keys, *words])).hexdigest()


@admin_view(Mailing, "add")
@admin_view(Registration, "view")
def compose_view(request):
    """Write to the selection; show a preview first, then send what was previewed."""
    recipients = get_selection(request).recipients
    form = MailingForm(request.POST if request.method == "POST" else None)
    number, preview = recipients.count(), {}
    if number and form.is_bound and form.is_valid():
        fingerprint, is_sent = form.fingerprint(recipients), "send" in request.POST
        if is_sent and request.POST.get("previewed") == fingerprint:
            return send(request, form, recipients)
        preview = make_preview(form, recipients, request.POST.get("as", ""))
        preview |= {"previewed": fingerprint, "has_changed": is_sent}
    return render_page(
        request,
        Registration,
        "registrations/mailing/compose.html",
        _("Send e-mail"),
        form=form,
        number=number,
        by_event=count_by_event(recipients),
        by_status=count_by_status(recipients),
        people=recipients.order_by("first_name", "last_name", "pk")[:MAX_PREVIEW_PEOPLE],
        placeholders=[f"{{{name}}}" for name in NAMES],
        id=uuid.uuid4(),  # of what is previewed now; pressing “send” on one page twice sends one
        **preview,
    )


def make_preview(form: MailingForm, recipients: RegistrationQuerySet, key: str) -> dict:
    person = get_preview_person(recipients, key)
    return {
        "chosen": person,
        "unwritten_languages": find_unwritten_languages(form, recipients),
        "previews": render_previews(form.save(commit=False), person),
    }


def get_preview_person(recipients: RegistrationQuerySet, key: str) -> Registration:
    """Return the recipient for the preview: the one with this key, else the first."""
    people = recipients.select_related("event__venue")
    found = people.filter(pk=key) if is_pk(key) else people.none()
    return found.first() or people.order_by("pk").first()


def send(request, form: MailingForm, recipients: RegistrationQuerySet):
    """Queue the message for everybody, all or nobody; once, however often the button is pressed."""
    try:
        key = uuid.UUID(request.POST.get("id", ""))
    except ValueError:
        key = uuid.uuid4()
    with transaction.atomic():
        mailing, is_new = Mailing.objects.get_or_create(
            pk=key, defaults={**form.cleaned_data, "created_by": request.user}
        )
        if is_new:
            people = recipients.only("pk", "language", "email")
            outbox.queue_all(people, OutgoingEmail.Kind.MESSAGE, mailing=mailing, is_bulk=True)
            number = mailing.emails.count()
            log_addition(request, mailing)
    if is_new:
        text = ngettext("The e-mail is on its way to %d person.", "The e-mail is on its way to %d people.", number)
        messages.success(request, text % number)
    else:
        messages.warning(request, _("This e-mail had already been sent; it was not sent again."))
    return redirect("admin:registrations_mailing_change", mailing.pk)


def find_unwritten_languages(form: MailingForm, recipients: RegistrationQuerySet) -> list[tuple[str, int]]:
    """Return the languages without a text, each with the number of recipients who read it."""
    readers = dict(recipients.order_by().values_list("language").annotate(number=Count("pk")))
    text = form.cleaned_data["text"].data
    written_in = text if isinstance(text, dict) else {}
    return [(name, readers[code]) for code, name in settings.LANGUAGES if code in readers and not written_in.get(code)]


def count_by_event(recipients: RegistrationQuerySet) -> list[tuple[str, int]]:
    """Return the number of recipients of each event, in the active language."""
    counted = recipients.order_by().values_list("event").annotate(number=Count("pk"))
    titles = {event.pk: str(event.title) for event in Event.objects.defer_long_texts()}
    return [(titles[key], number) for key, number in counted]


def count_by_status(recipients: RegistrationQuerySet) -> list[tuple[str, int]]:
    """Return the number of recipients with each status, in the active language."""
    counted = dict(recipients.order_by().values_list("status").annotate(number=Count("pk")))
    return [(str(label), counted[value]) for value, label in Registration.Status.choices if value in counted]


def render_previews(mailing: Mailing, chosen: Registration) -> list[tuple[str, bool, RenderedEmail]]:
    """The message to the chosen person in each language: its name, whether it is theirs, the words.

    Without the secret part of their personal link, which is only ever e-mailed.
    """
    found = []
    for code, name in settings.LANGUAGES:
        email = OutgoingEmail(kind=OutgoingEmail.Kind.MESSAGE, registration=chosen, mailing=mailing, language=code)
        words = (part.replace(chosen.manage_token, "…") for part in render_email(email))
        found.append((name, code == chosen.language, RenderedEmail(*words)))
    return found

"""Messages to many people at once: how many of them were sent, and writing one: compose, preview, send."""

import uuid
from contextlib import suppress

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Count, Q
from django.shortcuts import redirect
from django.urls import path
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from conference.models import is_pk
from registrations.admin import list_filters
from registrations.admin.extra_pages import admin_view, log_addition, render_page
from registrations.admin.mail import change_notice
from registrations.admin.mail.needs_recipients import get_needs_choice
from registrations.admin.mail.recipient_choice import choose_recipients, is_choosing, is_chosen
from registrations.admin.mixins import OperationsAdmin, ReadOnlyMixin
from registrations.admin.selection import count_by_event, get_selection
from registrations.mail import outbox
from registrations.mail.content import render_email
from registrations.mail.rendering import RenderedEmail
from registrations.models import Mailing, OutgoingEmail, Registration, RegistrationQuerySet
from registrations.placeholders import NAMES

MAX_PREVIEW_PEOPLE = 200


@admin.register(Mailing)
class MailingAdmin(ReadOnlyMixin, OperationsAdmin):
    is_of_one_event = True
    list_display = ["subject", "created_at", "created_by", "sent", "waiting", "failed"]
    list_filter = [list_filters.MailingEventFilter]
    list_select_related = ["created_by"]
    fields = [
        "subject",
        "text",
        "has_calendar",
        "is_about_needs",
        "created_at",
        "created_by",
        "sent",
        "waiting",
        "failed",
    ]
    markdown_fields = ["text"]
    markdown_kind = "email"

    def has_add_permission(self, request):
        return request.user.has_perm("registrations.add_mailing")

    def get_queryset(self, request):
        conditions = {
            "sent": Q(emails__sent_at__isnull=False),
            "waiting": Q(emails__next_attempt_at__isnull=False),
            "failed": Q(emails__sent_at__isnull=True, emails__next_attempt_at__isnull=True) & ~Q(emails__last_error=""),
        }
        counts = {name: Count("emails", filter=condition) for name, condition in conditions.items()}
        return super().get_queryset(request).annotate(**counts)

    def get_urls(self):
        return [path("add/", compose_view, name="registrations_mailing_add"), *super().get_urls()]

    @admin.display(description=gettext_lazy("sent"))
    def sent(self, mailing):
        return mailing.sent

    @admin.display(description=gettext_lazy("waiting to be sent"))
    def waiting(self, mailing):
        return mailing.waiting

    @admin.display(description=gettext_lazy("failed"))
    def failed(self, mailing):
        return mailing.failed


@admin_view(Registration, "view", "registrations.add_mailing")
def compose_view(request):
    """Write to the selection; show a preview first, then send what was previewed."""
    needs = get_needs_choice(request)
    if not needs and (is_choosing(request) or not is_chosen(request, selection := get_selection(request))):
        return choose_recipients(request)
    people = needs.people if needs else selection.recipients
    recipients = people.exclude(email="")
    form = make_form(request)
    number, preview = recipients.count(), {}
    if number and form.is_valid():
        fingerprint, is_sent = get_fingerprint(form, recipients), "send" in request.POST
        if is_sent and request.POST.get("previewed") == fingerprint:
            return send(request, form, recipients, is_about_needs=bool(needs))
        person = needs.make_person() if needs else choose_person(recipients, request.POST.get("as", ""))
        preview = make_preview(form, recipients, person)
        preview |= {"previewed": fingerprint, "has_changed": is_sent}
    return render_page(
        request,
        Registration,
        "registrations/mailing/compose.html",
        _("Send e-mail"),
        form=form,
        number=number,
        # How many of those with a need have none may tell who they are.
        **({"needs": needs} if needs else {"without_email": people.without_email().count(), **describe(recipients)}),
        placeholders=[f"{{{name}}}" for name in NAMES],
        id=uuid.uuid4(),  # of what is previewed now; pressing “send” on one page twice sends one
        **preview,
    )


def make_form(request) -> forms.ModelForm:
    """Return the form of the message; where an event has moved, it begins with what is new."""
    fields = ["subject", "text", "has_calendar"]
    form_class = admin.site.get_model_admin(Mailing).get_form(request, fields=fields)
    if request.method == "POST":
        return form_class(request.POST)
    has_moved, event = change_notice.PARAMETER in request.GET, request.GET.get("event")
    return form_class(initial=change_notice.write_notice(request.session, event) if has_moved else None)


def describe(recipients: RegistrationQuerySet) -> dict:
    """Return who the recipients are, by event, by status and by name."""
    return {
        "by_event": count_by_event(recipients),
        "by_status": count_by_status(recipients),
        "people": recipients.order_by("first_name", "last_name", "pk")[:MAX_PREVIEW_PEOPLE],
    }


def count_by_status(recipients: RegistrationQuerySet) -> list[tuple[str, int]]:
    counted = dict(recipients.order_by().values_list("status").annotate(number=Count("pk")))
    return [(label, counted[value]) for value, label in Registration.Status.choices if value in counted]


def get_fingerprint(form: forms.ModelForm, recipients: RegistrationQuerySet) -> str:
    """Return a hash of the message and its recipients, so that only what was previewed is sent."""
    keys = ",".join(str(key) for key in recipients.order_by("pk").values_list("pk", flat=True))
    words = [str(getattr(value, "data", value)) for value in form.cleaned_data.values()]
    return salted_hmac("registrations.mailing", "\0".join([keys, *words])).hexdigest()


def choose_person(recipients: RegistrationQuerySet, key: str) -> Registration:
    """Return the recipient with this key, else the first."""
    people = recipients.select_related("event__venue").order_by("pk")
    return (people.filter(pk=key).first() if is_pk(key) else None) or people.first()


def make_preview(form: forms.ModelForm, recipients: RegistrationQuerySet, person: Registration) -> dict:
    """Return the message to this person in each language, and the languages of recipients that have no text."""
    readers = dict(recipients.order_by().values_list("language").annotate(number=Count("pk")))
    mailing, text = form.save(commit=False), form.cleaned_data["text"].data
    written_in = text if isinstance(text, dict) else {}
    previews, unwritten_languages = [], []
    for code, name in settings.LANGUAGES:
        email = OutgoingEmail(kind=OutgoingEmail.Kind.MESSAGE, registration=person, mailing=mailing, language=code)
        # The secret part of the personal link is only ever e-mailed.
        words = (part.replace(person.manage_token, "…") for part in render_email(email))
        previews.append((name, code == person.language, RenderedEmail(*words)))
        if code in readers and not written_in.get(code):
            unwritten_languages.append((name, readers[code]))
    return {"chosen": person, "unwritten_languages": unwritten_languages, "previews": previews}


def send(request, form: forms.ModelForm, recipients: RegistrationQuerySet, *, is_about_needs: bool):
    """Queue the message for everybody, all or nobody; once, however often the button is pressed."""
    key = uuid.uuid4()
    with suppress(ValueError):
        key = uuid.UUID(request.POST.get("id", ""))
    with transaction.atomic():
        written = {**form.cleaned_data, "created_by": request.user, "is_about_needs": is_about_needs}
        mailing, is_new = Mailing.objects.get_or_create(pk=key, defaults=written)
        if is_new:
            people = recipients.only("pk", "language", "email")
            outbox.queue_all(people, OutgoingEmail.Kind.MESSAGE, mailing=mailing, is_bulk=True)
            number = mailing.emails.count()
            log_addition(request, mailing)
            if mailing.has_calendar:
                change_notice.forget_before(request.session, request.GET.get("event"))
    if is_new:
        text = ngettext("The e-mail is on its way to %d person.", "The e-mail is on its way to %d people.", number)
        messages.success(request, text % number)
    else:
        messages.warning(request, _("This e-mail had already been sent; it was not sent again."))
    return redirect("admin:registrations_mailing_change", mailing.pk)

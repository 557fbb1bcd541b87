"""Writing to many people at once: compose, preview as one of them, see to how many it goes, send; then watch it go."""

import uuid

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from i18nfield.forms import I18nModelForm

from conference.admin.mixins import is_pk
from conference.admin.translated_fields import (
    TranslatedLineField,
    TranslatedLineWidget,
    TranslatedTextField,
    TranslatedTextWidget,
)
from conference.models import Event
from registrations.admin.mixins import ReadOnlyMixin, RegistrationsAdmin
from registrations.admin.selection import PAGING_PARAMS, get_selection, redirect_on_unknown_filters
from registrations.mail import outbox
from registrations.mail.content import render_email
from registrations.mail.rendering import RenderedEmail
from registrations.models import Mailing, OutgoingEmail, Registration, RegistrationQuerySet
from registrations.placeholders import NAMES

# So many people are offered to preview a message as.
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
        """Of what would be sent to whom, so that nothing goes out that was not previewed."""
        keys = ",".join(str(key) for key in recipients.order_by("pk").values_list("pk", flat=True))
        words = [str(self.cleaned_data[name].data) for name in self.Meta.fields]
        return salted_hmac("registrations.mailing", "\0".join([keys, *words])).hexdigest()


@admin.register(Mailing)
class MailingAdmin(RegistrationsAdmin, ReadOnlyMixin, admin.ModelAdmin):
    list_display = ["subject", "created_at", "created_by", "sent", "waiting", "failed"]
    list_select_related = ["created_by"]
    fields = ["subject", "text", "created_at", "created_by", "sent", "waiting", "failed"]

    def has_add_permission(self, request):
        return request.user.has_perm("registrations.add_mailing")

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .annotate(
                sent=Count("emails", filter=Q(emails__sent_at__isnull=False)),
                waiting=Count("emails", filter=Q(emails__next_attempt_at__isnull=False)),
                failed=Count(
                    "emails",
                    filter=Q(emails__sent_at__isnull=True, emails__next_attempt_at__isnull=True)
                    & ~Q(emails__last_error=""),
                ),
            )
        )

    @admin.display(description=gettext_lazy("sent"))
    def sent(self, mailing):
        return mailing.sent

    @admin.display(description=gettext_lazy("waiting to be sent"))
    def waiting(self, mailing):
        return mailing.waiting

    @admin.display(description=gettext_lazy("failed"))
    def failed(self, mailing):
        return mailing.failed

    @redirect_on_unknown_filters
    def add_view(self, request, form_url="", extra_context=None):
        """Write to the people whom the list of registrations shows under the filters in the address."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        recipients = self.recipients(request)
        form = MailingForm(request.POST if request.method == "POST" else None)
        number = recipients.count()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Send e-mail"),
            "form": form,
            "number": number,
            "by_event": count_by_event(recipients),
            "by_status": count_by_status(recipients),
            "offered": recipients.order_by("first_name", "last_name", "pk")[:MAX_PREVIEW_PEOPLE],
            "placeholders": [f"{{{name}}}" for name in NAMES],
            "id": uuid.uuid4(),  # of what is previewed now; pressing “send” on one page twice sends one
        }
        if number and form.is_bound and form.is_valid():
            fingerprint = form.fingerprint(recipients)
            if "send" in request.POST and request.POST.get("previewed") == fingerprint:
                return self.send(request, form, recipients)
            chosen = self.chosen(recipients, request.POST.get("as", ""))
            context |= {
                "previewed": fingerprint,
                "has_changed": "send" in request.POST,
                "chosen": chosen,
                "without_words": find_unwritten_languages(form, recipients),
                "previews": render_previews(form.save(commit=False), chosen),
            }
        return render(request, "admin/registrations/mailing/compose.html", context)

    def recipients(self, request) -> RegistrationQuerySet:
        """The people whom the list of registrations shows under the address's filters, or those `selected` of them.

        Raises PermissionDenied for whoever may not see the list, and IncorrectLookupParameters.
        """
        registrations = self.admin_site.get_model_admin(Registration)
        if not registrations.has_view_permission(request):
            raise PermissionDenied
        return get_selection(registrations, request).recipients

    def chosen(self, recipients: RegistrationQuerySet, key: str) -> Registration:
        """The recipient to preview the message as: the one with this key, else the first."""
        people = recipients.select_related("event__venue")
        found = people.filter(pk=key) if is_pk(key) else people.none()
        return found.first() or people.order_by("pk").first()

    def send(self, request, form: MailingForm, recipients: RegistrationQuerySet):
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
                self.log_addition(request, mailing, [{"added": {}}])
        if is_new:
            text = ngettext("The e-mail is on its way to %d person.", "The e-mail is on its way to %d people.", number)
            messages.success(request, text % number)
        else:
            messages.warning(request, _("This e-mail had already been sent; it was not sent again."))
        return redirect("admin:registrations_mailing_change", mailing.pk)


def find_unwritten_languages(form: MailingForm, recipients: RegistrationQuerySet) -> list[tuple[str, int]]:
    """The languages in which nothing was written though so many of the recipients read them."""
    readers = dict(recipients.order_by().values_list("language").annotate(number=Count("pk")))
    text = form.cleaned_data["text"].data
    written_in = text if isinstance(text, dict) else {}
    return [(name, readers[code]) for code, name in settings.LANGUAGES if code in readers and not written_in.get(code)]


def count_by_event(recipients: RegistrationQuerySet) -> list[tuple[str, int]]:
    """How many of them belong to which event, in the active language."""
    counted = recipients.order_by().values_list("event").annotate(number=Count("pk"))
    titles = {event.pk: str(event.title) for event in Event.objects.defer_long_texts()}
    return [(titles[key], number) for key, number in counted]


def count_by_status(recipients: RegistrationQuerySet) -> list[tuple[str, int]]:
    """How many of them stand how, in the active language."""
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


def compose_query(query: QueryDict, selected=()) -> str:
    """The query of the address at which to write to those whom the list shows, or to the `selected` of them."""
    query = query.copy()
    for name in PAGING_PARAMS:
        query.pop(name, None)
    if selected:
        query["selected"] = ",".join(selected)
    return query.urlencode()

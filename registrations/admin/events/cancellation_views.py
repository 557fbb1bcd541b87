"""The pages that ask before an event is cancelled, or takes place after all."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.admin.setting_topics import FIRST_TOPIC
from conference.admin.text_fields import TranslatedTextField, TranslatedTextWidget
from conference.models import Event
from registrations import operations
from registrations.admin.extra_pages import admin_view, log_change, refusals_as_messages, render_page
from registrations.admin.selection import group_by_event
from registrations.models import OutgoingEmail
from registrations.statistics import get_list_url

Kind = OutgoingEmail.Kind


class CancellationForm(forms.Form):
    note = TranslatedTextField(
        label=gettext_lazy("What people should know"),
        widget=TranslatedTextWidget,
        required=False,
        help_text=Event._meta.get_field("cancellation_note").help_text,
    )


@admin_view(Event, "change", "registrations.add_mailing", scoped=True)
def cancel_event_view(request, event):
    """Ask once, with who will be told and a text for them, and cancel the event."""
    form = CancellationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_as_messages(request):
            if operations.cancel_event(event, note=form.cleaned_data["note"]):
                report(
                    request, event, Kind.EVENT_CANCELLED, _("The event is cancelled. E-mails on their way: %(number)d.")
                )
        return redirect("admin:conference_event_settings", event.pk, FIRST_TOPIC)
    return render_question(request, event, _("Cancel the event"), form=form)


@admin_view(Event, "change", "registrations.add_mailing", scoped=True)
def restore_event_view(request, event):
    """Ask once, and let a cancelled event take place after all."""
    if request.method == "POST":
        with refusals_as_messages(request):
            if operations.restore_event(event):
                text = _("The event takes place after all. E-mails on their way: %(number)d.")
                report(request, event, Kind.EVENT_RESTORED, text)
        return redirect("admin:conference_event_settings", event.pk, FIRST_TOPIC)
    return render_question(request, event, _("Let the event take place after all"))


def render_question(request, event: Event, title: str, **context):
    people = event.registrations.live().not_erased()
    context |= {"event": event, "number": people.count(), "by_event": group_by_event(people)}
    context |= {"without_email": people.without_email().count()}
    if request.user.has_perm("registrations.view_email"):
        context["without_email_url"] = get_list_url(event, address="none")
    return render_page(request, Event, "conference/event/cancel.html", title, subtitle=event.title, **context)


def report(request, event: Event, kind: str, text: str) -> None:
    number = OutgoingEmail.objects.waiting().filter(registration__event=event, kind=kind).count()
    text %= {"number": number}
    log_change(request, event, text)
    messages.success(request, text)

"""The page that asks to whom a mailing goes, where the address does not say it: people of one event."""

from django import forms
from django.http import QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.models import Event
from registrations.admin.extra_pages import render_page
from registrations.admin.mail import needs_recipients
from registrations.admin.selection import Selection, drop_paging
from registrations.admin_site import get_chosen, get_current_event
from registrations.models import Registration

Status = Registration.Status

EVERYBODY, NEEDS = "all", needs_recipients.PARAMETER
# The parameters that the form's fields become.
EVENT, STATUS = "event", "status__exact"


class RecipientForm(forms.Form):
    event = forms.ModelChoiceField(label=gettext_lazy("Event"), queryset=Event.objects.none())
    people = forms.ChoiceField(
        label=gettext_lazy("People"),
        widget=forms.RadioSelect,
        choices=[
            (Status.CONFIRMED, gettext_lazy("everybody who has a place")),
            (Status.WAITLISTED, gettext_lazy("everybody on the waiting list")),
            (Status.PENDING, gettext_lazy("everybody who has not confirmed the place yet")),
            (EVERYBODY, gettext_lazy("all of them")),
            (NEEDS, gettext_lazy("those who told a dietary or access need, without seeing who they are")),
            (Status.CANCELLED, gettext_lazy("everybody whose registration is cancelled")),
        ],
    )

    def __init__(self, *args, user, event: Event | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["event"].queryset = Event.objects.visible_to(user).defer_long_texts().order_by("-starts_at")
        if event:  # the menu says which
            self.initial["event"] = event
            self.fields["event"].widget = forms.HiddenInput()


def is_choosing(request) -> bool:
    """Whether the form was sent, or the address names a need that there is not."""
    return "people" in request.GET or NEEDS in request.GET


def is_chosen(request, selection: Selection) -> bool:
    """Whether somebody has chosen these people: one by one, an event, or with filters that show only one event's.

    Who works on one event has not chosen people of another by filters alone.
    """
    chosen = {name for name, value in selection.query.items() if value}
    if chosen & {EVENT, "selected"}:
        return True
    return bool(chosen) and not get_chosen(request) and len(selection.events) < 2


def choose_recipients(request):
    """Ask for the event and which of its people; then lead to the message for them, with the filters there were."""
    kept = drop_paging(request.GET)
    for name in ("people", EVENT, STATUS, NEEDS):
        kept.pop(name, None)
    initial = {"people": request.GET.get(STATUS)}
    data, event = request.GET if "people" in request.GET else None, get_current_event(request)
    form = RecipientForm(data, user=request.user, event=event, initial=initial)
    if form.is_valid():
        return redirect(f"{request.path}?{build_query(kept, **form.cleaned_data).urlencode()}")
    template, title = "registrations/mailing/choose.html", _("Send e-mail")
    return render_page(request, Registration, template, title, form=form, kept=kept.items(), event=event)


def build_query(kept: QueryDict, *, event: Event, people: str) -> QueryDict:
    if people == NEEDS:  # with other filters, the number would tell who has needs
        kept = QueryDict(mutable=True)
    kept[EVENT] = event.pk
    if people == NEEDS:
        kept[NEEDS] = needs_recipients.ANY
    elif people != EVERYBODY:
        kept[STATUS] = people
    return kept

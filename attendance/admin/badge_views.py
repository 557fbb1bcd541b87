"""The page that prints badges, and gives the people for whom they are their roles."""

from django import forms
from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import ValidationError
from django.http import FileResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from attendance.badges.badge_layouts import LAYOUTS
from attendance.badges.badge_sheets import BadgeOptions, list_people, write_badges
from attendance.models import HAS_PRINTED_BADGE, Badge, BadgeRole
from conference.models import Event
from registrations.admin.extra_pages import admin_view, render_page
from registrations.admin.registrations.export_views import (
    describe_unprintable_names,
    get_single_event,
    log_and_send,
)
from registrations.admin.selection import Selection, get_selection
from registrations.exports.access import NoFreeSlot, export_slot
from registrations.exports.lists import filter_place_holders
from registrations.models import Registration, RegistrationQuerySet

# As many as are typeset in a few seconds.
MAX_BADGES = 3000


class BadgeForm(forms.Form):
    """Whose badges, and what is on them."""

    layout = forms.ChoiceField(
        label=_("Size"),
        choices=[(name, layout.title) for name, layout in LAYOUTS.items()],
        initial="a7-sheet",
        widget=forms.RadioSelect({"class": "ticks"}),
    )
    people = forms.ChoiceField(label=_("Whose badges"), widget=forms.RadioSelect({"class": "ticks"}))
    without_place = forms.BooleanField(
        label=_("Also people without a place"),
        required=False,
        help_text=_("People on the waiting list, and those who have cancelled."),
    )
    blanks = forms.IntegerField(
        label=_("Blank badges"),
        initial=0,
        min_value=0,
        max_value=200,
        help_text=_("To write on, for people who come without having registered."),
    )
    has_qr = forms.BooleanField(label=_("QR code of the ticket"), required=False, initial=True)
    is_two_sided = forms.BooleanField(
        label=_("Both sides alike"),
        required=False,
        help_text=_(
            "Print on both sides, flipped on the long edge; an A4 sheet with 8 badges on the short edge. Labels have "
            "only one side."
        ),
    )
    has_picture = forms.BooleanField(label=_("The event's picture beside its title"), required=False)

    def __init__(self, data, *, event: Event, registrations: RegistrationQuerySet):
        super().__init__(data)
        self.event, self.registrations = event, registrations
        with_place = filter_place_holders(event, registrations)
        number, new = with_place.count(), with_place.exclude(HAS_PRINTED_BADGE).count()
        self.fields["people"].choices = [
            ("new", _("people with a place whose badge has not been printed yet (%(number)d)") % {"number": new}),
            ("all", _("all listed people with a place (%(number)d)") % {"number": number}),
        ]
        self.fields["people"].initial = "new" if new else "all"
        if not event.picture_id:
            del self.fields["has_picture"]

    def clean(self):
        chosen = super().clean()
        if self.errors:
            return chosen
        options = {"has_place": not chosen["without_place"], "is_new": chosen["people"] == "new"}
        self.people = list_people(self.event, self.registrations, **options)
        number = len(self.people) + chosen["blanks"]
        if not number:
            raise ValidationError(_("There is no badge to print. Choose other people, or enter how many blank ones."))
        if number > MAX_BADGES:
            text = _("At most %(most)d badges can be printed at once. Choose fewer people, for example with a filter.")
            raise ValidationError(text, params={"most": MAX_BADGES})
        return chosen

    def get_options(self) -> BadgeOptions:
        return BadgeOptions(**{name: self.cleaned_data.get(name, False) for name in BadgeOptions._fields})


class RoleForm(forms.Form):
    """Which role all the people get."""

    role = forms.ModelChoiceField(queryset=BadgeRole.objects.none(), label=_("Role"), empty_label=None)

    def __init__(self, data, *, event: Event):
        super().__init__(data)
        self.fields["role"].queryset = BadgeRole.objects.filter(event=event)


@admin_view(Registration, "change", "export", of_chosen_event=True)
def badges_view(request):
    """Print badges for the selection, or give the selected people a role. Both are POST requests, which are logged."""
    selection = get_selection(request)
    event = get_single_event(request, selection)
    if event is None:
        return render_badges(request, selection)
    BadgeRole.objects.list_or_create(event)
    form = BadgeForm(request.POST if "print" in request.POST else None, event=event, registrations=selection.people)
    role_form = RoleForm(request.POST if "assign" in request.POST else None, event=event)
    if role_form.is_valid():
        assign_role(request, selection.people.filter(event=event).not_erased(), role_form.cleaned_data["role"])
        return redirect(request.get_full_path())
    if form.is_valid() and (response := print_badges(request, form, selection)):
        return response
    warning = describe_unprintable_names(event, selection)
    return render_badges(request, selection, event=event, form=form, role_form=role_form, warning=warning)


def render_badges(request, selection: Selection, event: Event | None = None, **context):
    return render_page(
        request,
        Registration,
        "attendance/badges.html",
        _("Badges"),
        selection=selection,
        event=event,
        list_query=selection.query.urlencode(),
        **context,
    )


def print_badges(request, form: BadgeForm, selection: Selection) -> FileResponse | None:
    """Return the PDF, and let its badges count as printed; None, with a message, if it has to wait."""
    try:
        with export_slot():
            written = write_badges(form.event, form.people, form.get_options())
            Badge.objects.mark_printed(form.people)
            return log_and_send(request.user, selection, "badges", _("Badges"), "pdf", [form.event], written)
    except NoFreeSlot:
        text = _("Other lists are being exported right now. Please try again in half a minute.")
        messages.warning(request, text)
    return None


def assign_role(request, people: RegistrationQuerySet, role: BadgeRole) -> None:
    people = list(people)
    Badge.objects.assign_role(people, role)
    LogEntry.objects.log_actions(request.user.pk, people, CHANGE, _("Badge role: %(role)s") % {"role": role})
    text = ngettext(
        "%(number)d person now has the role “%(role)s”.", "%(number)d people now have the role “%(role)s”.", len(people)
    )
    messages.success(request, text % {"number": len(people), "role": role})

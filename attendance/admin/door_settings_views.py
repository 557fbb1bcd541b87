"""How the door of an event works: its settings and entrances, and the end of a rehearsal."""

from types import SimpleNamespace

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.utils import construct_change_message
from django.db import IntegrityError, transaction
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attendance.badges.badge_layouts import LAYOUTS
from attendance.models import CheckIn, Door, DoorSettings
from attendance.operations import discard_rehearsal
from conference.admin.concurrent_edits import ConcurrentFormSetMixin, lock_edits
from conference.admin.edit_conflicts import ConcurrentFormMixin, dump_shown
from conference.database_clock import read_database_clock
from conference.models import Event
from registrations.admin.extra_pages import admin_view, log_change, refusals_as_messages, render_page

CHANGE_DOOR = ("attendance.change_doorsettings", "attendance.change_door")
EMPTY_ROWS = 3


SINGLE_LAYOUTS = [(name, layout.title) for name, layout in LAYOUTS.items() if layout.columns * layout.rows == 1]


BADGE_LAYOUT = DoorSettings._meta.get_field("badge_layout")


class DoorSettingsForm(ConcurrentFormMixin, forms.ModelForm):
    badge_layout = forms.ChoiceField(
        label=capfirst(BADGE_LAYOUT.verbose_name), help_text=BADGE_LAYOUT.help_text, choices=SINGLE_LAYOUTS
    )

    class Meta:
        model = DoorSettings
        fields = ["has_names", "exceeds_capacity", "checks_out", "badge_layout", "is_practice"]


class EntranceForm(ConcurrentFormMixin, forms.ModelForm):
    class Meta:
        model = Door
        fields = ["name"]

    def validate_constraints(self):
        """The formset does, which knows what becomes of the other rows."""


class BaseEntranceFormSet(ConcurrentFormSetMixin, forms.BaseInlineFormSet):
    """All entrances of an event, of which no two may have one name."""

    def clean(self):
        super().clean()
        names = set()
        for form in self.forms:
            name = form.cleaned_data.get("name", "") if form not in self.deleted_forms else ""
            if name and name.casefold() in names:
                form.add_error("name", _("Another entrance has this name."))
            names.add(name.casefold())


EntranceFormSet = forms.inlineformset_factory(
    Event, Door, form=EntranceForm, formset=BaseEntranceFormSet, extra=EMPTY_ROWS
)


@admin_view(Event, *CHANGE_DOOR, scoped=True)
@transaction.atomic
def door_settings_view(request, event):
    """Change the settings and the entrances, which phones get within seconds."""
    if request.method == "POST":
        lock_edits(f"door-{event.pk}")
    data = request.POST if request.method == "POST" else None
    form = DoorSettingsForm(data, instance=DoorSettings.objects.get_for(event))
    entrances = EntranceFormSet(data, instance=event, prefix="doors")
    if form.is_valid() and entrances.is_valid() and save(form, entrances):
        log_change(request, event, construct_change_message(form, [entrances], add=False))
        messages.success(request, _("The door's settings were saved."))
        return redirect("admin:attendance_door", event.pk)
    return render_page(
        request,
        CheckIn,
        "attendance/door_settings.html",
        _("Settings of the door"),
        subtitle=event.title,
        event=event,
        form=form,
        adminform=AdminForm(form, [(None, {"fields": list(form.fields)})], {}),
        entrances=entrances,
        inlines=[SimpleNamespace(formset=entrances, opts=Door._meta)],
        shown_values=dump_shown([form, *entrances.initial_forms]),
    )


def save(form: DoorSettingsForm, entrances: BaseEntranceFormSet) -> bool:
    """Save both; return False, and tell it at the entrances, if they swap names, which the database refuses."""
    if "is_practice" in form.changed_data and not form.instance.is_practice:
        form.instance.practice_ended_at = read_database_clock()
    try:
        with transaction.atomic():
            form.save()
            entrances.save()
    except IntegrityError:
        entrances._non_form_errors.append(_("Two entrances have one name. Please change one of them first."))
        return False
    return True


@admin_view(Event, *CHANGE_DOOR, "attendance.delete_checkin", scoped=True)
def discard_rehearsal_view(request, event):
    """Ask, and then delete the practice check-ins if they are still as many as the page said."""
    number = event.check_ins.filter(is_practice=True).count()
    if request.method == "POST" and request.POST.get("asked") == str(number):
        with refusals_as_messages(request):
            number = discard_rehearsal(event)
            text = ngettext("%d practice check-in was deleted.", "%d practice check-ins were deleted.", number) % number
            log_change(request, event, text)
            messages.success(request, text)
            messages.info(request, _("From now on check-ins count."))
        return redirect("admin:attendance_door", event.pk)
    return render_page(
        request,
        CheckIn,
        "attendance/discard_rehearsal.html",
        _("Throw the rehearsal away"),
        subtitle=event.title,
        event=event,
        number=number,
        has_changed=request.method == "POST",
    )

"""Exporting lists of people as files, and printing them. The log records both."""

from django import forms
from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from conference.models import Event
from registrations.admin.extra_pages import admin_view, render_page
from registrations.admin.selection import Selection, get_selection
from registrations.admin_site import find_event
from registrations.exports.access import ExportAccess, NoFreeSlot, export_slot, log_export
from registrations.exports.columns import Column, get_columns
from registrations.exports.file_formats import FORMATS, TABLE_FORMATS, ExportFile
from registrations.exports.lists import filter_place_holders, get_allowed_presets, write_registrations
from registrations.exports.reports.printable_letters import find_unprintable_names
from registrations.models import ExportChoice, Registration

ORDERINGS = {
    "name": (_("by last name (Latvian alphabet)"), ["sort_name", "pk"]),
    "registered": (_("by the time of registration"), ["created_at", "pk"]),
}
# More than anybody ticks off on paper, but not too many for a browser to lay out.
MAX_PRINTED = 5000


class ExportForm(forms.Form):
    """The options of a table; the form remembers those of the last one."""

    format = forms.ChoiceField(
        label=_("Format"),
        choices=[(name, form.label) for name, form in TABLE_FORMATS.items()],
        widget=forms.RadioSelect,
    )
    order = forms.ChoiceField(
        label=_("Order"),
        choices=[(name, label) for name, (label, _fields) in ORDERINGS.items()],
        initial="name",
        widget=forms.RadioSelect,
    )
    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please tick at least one column.")},
    )

    def __init__(self, data, *, user, columns: list[Column]):
        self.last = ExportChoice.objects.filter(user=user).first() or ExportChoice(user=user, columns=[])
        self.known = {column.name: column.header for column in columns}
        initial = {
            "format": self.last.format if self.last.format in TABLE_FORMATS else "xlsx",
            "columns": [name for name in self.known if name in self.last.columns] or list(self.known),
        }
        super().__init__(data, initial=initial)
        self.fields["columns"].choices = self.known.items()

    def save_preferences(self) -> None:
        """Keep format and columns for the next time; columns that only other events have stay as they were."""
        elsewhere = [name for name in self.last.columns if name not in self.known]
        chosen = {"format": self.cleaned_data["format"], "columns": self.cleaned_data["columns"] + elsewhere}
        ExportChoice.objects.update_or_create(user=self.last.user, defaults=chosen)


@admin_view(Registration, "view", "export", of_chosen_event=True)
def export_view(request):
    """Offer the selection as a table or as a preset list. Downloads are POST requests, since they are logged."""
    selection = get_selection(request)
    access, event = ExportAccess.for_user(request.user), get_single_event(request, selection)
    data = request.POST if "export" in request.POST else None
    form = ExportForm(data, user=request.user, columns=get_columns(selection.events, access))
    if form.is_valid() or "list" in request.POST:
        try:
            with export_slot():
                if form.is_valid():
                    return export_table(request.user, form, selection, access)
                if response := export_preset(request, event, selection, access):
                    return response
        except NoFreeSlot:
            text = _("Other lists are being exported right now. Please try again in half a minute.")
            messages.warning(request, text)
    unprintable = describe_unprintable_names(event, selection) if event else ""
    return render_page(
        request,
        Registration,
        "registrations/registration/export.html",
        _("Export"),
        form=form,
        selection=selection,
        event=event,
        presets=[
            (
                preset,
                [(f"{name}.{format}", FORMATS[format].extension.upper()) for format in preset.formats],
                unprintable if "pdf" in preset.formats else "",
            )
            for name, preset in get_allowed_presets(access).items()
        ],
        list_query=selection.query.urlencode(),
    )


def describe_unprintable_names(event: Event, selection: Selection) -> str:
    """Say how many people's names would have letters that no font here has, and what to install; empty if none."""
    number, packages = find_unprintable_names(filter_place_holders(event, selection.people))
    text = ngettext(
        "%(number)d name has letters that this server cannot print. Ask whoever runs it to install: %(packages)s.",
        "%(number)d names have letters that this server cannot print. Ask whoever runs it to install: %(packages)s.",
        number,
    )
    return text % {"number": number, "packages": ", ".join(packages)} if number else ""


def get_single_event(request, selection: Selection) -> Event | None:
    """Return the only event of the selection, even if it is empty; None if there are several."""
    events, key = selection.events, selection.query.get("event")
    if key and not events:
        return find_event(request, key)
    return events[0] if len(events) == 1 else None


def export_table(user, form: ExportForm, selection: Selection, access: ExportAccess) -> FileResponse:
    """Export the table that the valid form asks for."""
    form.save_preferences()
    chosen, events = form.cleaned_data, selection.events
    title = str(events[0].title if len(events) == 1 else _("Registrations"))
    people = selection.people.order_by(*ORDERINGS[chosen["order"]][1])
    written = write_registrations(people, chosen["format"], access, names=chosen["columns"], title=title)
    return log_and_send(user, selection, "registrations", _("table"), chosen["format"], events, written)


def export_preset(request, event: Event | None, selection: Selection, access: ExportAccess) -> FileResponse | None:
    """Export the preset list whose button was pressed; None, with a message, if there is no such list."""
    name, _dot, format = request.POST["list"].partition(".")
    preset = get_allowed_presets(access).get(name)
    if event is None or preset is None or format not in preset.formats:
        messages.error(request, _("Please choose one event, and then one of its lists."))
        return None
    written = preset.write(event, filter_place_holders(event, selection.people), format, access)
    return log_and_send(request.user, selection, name, preset.title, format, [event], written)


def log_and_send(
    user, selection: Selection, name: str, title: str, format: str, events: list[Event], written: ExportFile
) -> FileResponse:
    """Log who exports what, and return the file."""
    kind, filters = FORMATS[format], selection.log_filters
    title = f"{title}, {kind.label}"
    log_export(user, kind=title, events=events, count=written.count, filters=filters, columns=written.columns)
    event = f"-{events[0].slug}" if len(events) == 1 else ""
    filename = f"{name}{event}-{timezone.localdate()}.{kind.extension}"
    return FileResponse(written.file, as_attachment=True, filename=filename, content_type=kind.content_type)


@admin_view(Registration, "view", "export", of_chosen_event=True)
def print_view(request):
    """Print the selection, sorted by name, without e-mail addresses. The log records it like an export."""
    selection = get_selection(request)
    people, events, filters = selection.recipients, selection.events, selection.log_filters
    number = people.count()
    if number > MAX_PRINTED:
        text = _("A list to print can have at most %(most)d people. Choose fewer, for example with a filter.")
        messages.error(request, text % {"most": MAX_PRINTED})
        return redirect("admin:registrations_registration_changelist")
    kind, columns = _("list to print"), ["last_name", "first_name", "organisation", "status", "reference"]
    log_export(request.user, kind=kind, events=events, count=number, filters=filters, columns=columns)
    context = {
        "title": _("List of participants"),
        "events": events,
        "number": number,
        "has_organisations": "organisation" in Registration.objects.list_shown_fields(events),
        "people": people.select_related("event").order_by("event__starts_at", "event", "sort_name", "pk"),
    }
    return render(request, "admin/registrations/registration/print.html", context)

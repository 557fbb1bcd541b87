"""Exporting lists of people."""

from typing import NamedTuple

from django.contrib import messages
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.models import Event, is_pk
from registrations.admin.extra_pages import admin_view, render_page
from registrations.admin.registrations.export_form import ExportForm
from registrations.admin.selection import Selection, get_selection, get_selection_query
from registrations.exports.access import ExportAccess, NoFreeSlot, export_slot, log_export
from registrations.exports.columns import get_columns
from registrations.exports.file_formats import FORMATS, ExportFile, FileFormat
from registrations.exports.lists import filter_place_holders, get_allowed_presets, write_registrations
from registrations.models import Registration


class Download(NamedTuple):
    """An exported file, and what the log records of it."""

    name: str
    kind: str
    format: FileFormat
    events: list[Event]
    written: ExportFile

    @property
    def filename(self) -> str:
        event = f"-{self.events[0].slug}" if len(self.events) == 1 else ""
        return f"{self.name}{event}-{timezone.localdate()}.{self.format.extension}"


@admin_view(Registration, "view", "export")
def export_view(request):
    """Offer the selection as a table or as a preset list. Downloads are POST requests, since they are logged."""
    selection = get_selection(request)
    access, event = ExportAccess.for_user(request.user), get_single_event(request, selection)
    form = ExportForm(
        request.POST if "export" in request.POST else None,
        user=request.user,
        columns=get_columns(selection.events, access),
    )
    if request.method == "POST" and (download := make_download(request, form, selection, event, access)):
        return log_and_send(request.user, download, selection)
    return render_page(
        request,
        Registration,
        "registrations/registration/export.html",
        _("Export"),
        form=form,
        selection=selection,
        event=event,
        events_to_choose=[(event.title, selection.query_for_event(event)) for event in selection.events],
        presets=list_preset_buttons(access),
        list_query=get_selection_query(selection.query),
    )


def make_download(request, form, selection: Selection, event: Event | None, access: ExportAccess) -> Download | None:
    """Make what the user asked for; None, with a message, if that is not possible."""
    try:
        with export_slot():
            return make_table(form, selection, access) or make_preset_list(request, event, selection, access)
    except NoFreeSlot:
        text = _("Other lists are being exported right now. Please try again in half a minute.")
        messages.warning(request, text)


def get_single_event(request, selection: Selection) -> Event | None:
    """Return the only event of the selection, even if it is empty; None if there are several."""
    key = selection.query.get("event", "")
    if not selection.by_event and is_pk(key):
        return Event.objects.visible_to(request.user).filter(pk=key).first()
    return selection.events[0] if len(selection.events) == 1 else None


def list_preset_buttons(access: ExportAccess) -> list[tuple]:
    """Return the preset lists, each with the value and the label of its buttons."""
    return [
        (preset, [(f"{name}.{format}", FORMATS[format].extension.upper()) for format in preset.formats])
        for name, preset in get_allowed_presets(access).items()
    ]


def make_table(form: ExportForm, selection: Selection, access: ExportAccess) -> Download | None:
    """Make the table that the form asks for; None if it is not submitted or not valid."""
    if not (form.is_bound and form.is_valid()):
        return None
    form.save_preferences()
    format, names = form.cleaned_data["format"], form.cleaned_data["columns"]
    title = str(selection.events[0].title) if len(selection.events) == 1 else _("Registrations")
    written = write_registrations(form.order_people(selection.people), format, access, names=names, title=title)
    return Download("registrations", _("table"), FORMATS[format], selection.events, written)


def make_preset_list(request, event: Event | None, selection: Selection, access: ExportAccess) -> Download | None:
    """Make the preset list whose button was pressed; None, with a message, if there is no such list."""
    if "list" not in request.POST:
        return None
    name, _dot, format = request.POST["list"].partition(".")
    preset = get_allowed_presets(access).get(name)
    if event is None or preset is None or format not in preset.formats:
        messages.error(request, _("Please choose one event, and then one of its lists."))
        return None
    written = preset.write(event, filter_place_holders(event, selection.people), format, access)
    return Download(name, str(preset.title), FORMATS[format], [event], written)


def log_and_send(user, download: Download, selection: Selection) -> FileResponse:
    """Log who exports what, and return the file."""
    log_export(
        user,
        kind=f"{download.kind}, {download.format.label}",
        events=download.events,
        count=download.written.count,
        filters=selection.log_filters,
        columns=download.written.columns,
    )
    return FileResponse(
        download.written.file,
        as_attachment=True,
        filename=download.filename,
        content_type=download.format.content_type,
    )

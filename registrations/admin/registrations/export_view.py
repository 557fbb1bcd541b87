"""Taking lists of people out of the site: the page on which one chooses what."""

from typing import BinaryIO, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.admin.mixins import is_pk
from conference.models import Event
from registrations.admin.mail.mailing_admin import compose_query
from registrations.admin.registrations.export_form import ExportForm
from registrations.admin.selection import Selection, get_selection, redirect_on_unknown_filters
from registrations.exports.access import ExportAccess
from registrations.exports.columns import get_columns
from registrations.exports.export_log import log_export
from registrations.exports.file_formats import FORMATS
from registrations.exports.presets import filter_place_holders, get_allowed_presets
from registrations.exports.registration_table import write_registrations
from registrations.exports.slots import NoFreeSlot, export_slot


class Download(NamedTuple):
    """A list that is on its way out: its file, and what the log says of it."""

    name: str
    kind: str
    format: str
    events: list[Event]
    file: BinaryIO
    count: int
    columns: list[str]


class ExportMixin:
    """For the ModelAdmin of registrations: the list's export."""

    def has_export_permission(self, request):
        return request.user.has_perm("registrations.export_registration")

    def get_urls(self):
        export = self.admin_site.admin_view(self.export_view)
        return [path("export/", export, name="registrations_registration_export"), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        address = compose_query(request.GET)
        context = {
            "title": _("Registrations"),
            "writing_address": address if self.has_send_permission(request) else None,
            "has_export_permission": self.has_export_permission(request),
            "export_address": f"{reverse('admin:registrations_registration_export')}?{address}".rstrip("?"),
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    @redirect_on_unknown_filters
    def export_view(self, request):
        """Offers the people that the list shows under the address's filters, as a table or as a ready-made list.

        A download is a POST, for it leaves a record in the admin's log.
        """
        if not (self.has_view_permission(request) and self.has_export_permission(request)):
            raise PermissionDenied
        selection = get_selection(self, request)
        access, event = ExportAccess.for_user(request.user), get_single_event(request, selection)
        form = ExportForm(
            request.POST if "export" in request.POST else None,
            user=request.user,
            columns=get_columns(selection.events, access),
        )
        if request.method == "POST":
            try:
                with export_slot():
                    download = make_table(form, selection, access) or make_preset_list(
                        request, event, selection, access
                    )
            except NoFreeSlot:
                text = _("Other lists are being exported right now. Please try again in half a minute.")
                messages.warning(request, text)
            else:
                if download:
                    return file_response(request.user, download, selection)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Export"),
            "form": form,
            "shown": selection,
            "event": event,
            "events_to_choose": [(event.title, selection.query_for_event(event)) for event in selection.events],
            "ready_made": list_preset_buttons(access),
            "list_address": compose_query(selection.query),
        }
        return render(request, "admin/registrations/registration/export.html", context)


def get_single_event(request, selection: Selection) -> Event | None:
    """The one event whose people are shown, also when they are nobody; None when there are several."""
    key = selection.query.get("event", "")
    if not selection.by_event and is_pk(key):
        return Event.objects.visible_to(request.user).filter(pk=key).first()
    return selection.events[0] if len(selection.events) == 1 else None


def list_preset_buttons(access: ExportAccess) -> list[tuple]:
    """The ready-made lists, each with its buttons: what they send and what stands on them."""
    return [
        (made, [(f"{name}.{format}", FORMATS[format].extension.upper()) for format in made.formats])
        for name, made in get_allowed_presets(access).items()
    ]


def make_table(form: ExportForm, selection: Selection, access: ExportAccess) -> Download | None:
    """The table that was asked for; None when another list was, or when the form is filled in wrong."""
    if not (form.is_bound and form.is_valid()):
        return None
    form.save_preferences()
    format, names = form.cleaned_data["format"], form.cleaned_data["columns"]
    title = str(selection.events[0].title) if len(selection.events) == 1 else _("Registrations")
    written = write_registrations(form.order_people(selection.people), format, access, names=names, title=title)
    return Download("registrations", _("table"), format, selection.events, *written)


def make_preset_list(request, event: Event | None, selection: Selection, access: ExportAccess) -> Download | None:
    """The ready-made list whose button was pressed; None, and a message, when there is no such list."""
    if "list" not in request.POST:
        return None
    name, _dot, format = request.POST["list"].partition(".")
    made = get_allowed_presets(access).get(name)
    if event is None or made is None or format not in made.formats:
        messages.error(request, _("Please choose one event, and then one of its lists."))
        return None
    written = made.write(event, filter_place_holders(event, selection.people), format, access)
    return Download(name, str(made.title), format, [event], *written)


def file_response(user, download: Download, selection: Selection) -> FileResponse:
    """The file, after it was written down who took it."""
    form = FORMATS[download.format]
    log_export(
        user,
        kind=f"{download.kind}, {form.label}",
        events=download.events,
        count=download.count,
        filters=selection.log_filters,
        columns=download.columns,
    )
    of = f"-{download.events[0].slug}" if len(download.events) == 1 else ""
    return FileResponse(
        download.file,
        as_attachment=True,
        filename=f"{download.name}{of}-{timezone.localdate()}.{form.extension}",
        content_type=form.content_type,
    )

"""Taking lists of people out of the site: the page on which one chooses what."""

from typing import BinaryIO, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.careful import is_key
from conference.models import Event
from registrations.admin.export_form import ExportForm
from registrations.admin.mailings import writing_address
from registrations.admin.shown import Shown, back_from_unknown_filters, shown
from registrations.exports.column import Reader
from registrations.exports.columns import columns
from registrations.exports.formats import FORMATS
from registrations.exports.people import write_people
from registrations.exports.ready_made import ready_made, with_a_place
from registrations.exports.record import record
from registrations.exports.turn import AllTaken, turn


class Taken(NamedTuple):
    """A list that is on its way out: its file, and what the log says of it."""

    name: str
    kind: str
    format: str
    events: list[Event]
    file: BinaryIO
    count: int
    columns: list[str]


class Exporting:
    """For the ModelAdmin of registrations: the list's export."""

    def has_export_permission(self, request):
        return request.user.has_perm("registrations.export_registration")

    def get_urls(self):
        export = self.admin_site.admin_view(self.export_view)
        return [path("export/", export, name="registrations_registration_export"), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        address = writing_address(request.GET)
        context = {
            "title": _("Registrations"),
            "writing_address": address if self.has_send_permission(request) else None,
            "has_export_permission": self.has_export_permission(request),
            "export_address": f"{reverse('admin:registrations_registration_export')}?{address}".rstrip("?"),
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    @back_from_unknown_filters
    def export_view(self, request):
        """Offers the people that the list shows under the address's filters, as a table or as a ready-made list.

        A download is a POST, for it leaves a record in the admin's log.
        """
        if not (self.has_view_permission(request) and self.has_export_permission(request)):
            raise PermissionDenied
        found = shown(self, request)
        reader, event = Reader.of(request.user), event_of(request, found)
        form = ExportForm(
            request.POST if "export" in request.POST else None,
            user=request.user,
            columns=columns(found.events, reader),
        )
        if request.method == "POST":
            try:
                with turn():
                    taken = table(form, found, reader) or ready_made_list(request, event, found, reader)
            except AllTaken:
                text = _("Several lists are being made right now. Please press the button again in half a minute.")
                messages.warning(request, text)
            else:
                if taken:
                    return handed_out(request.user, taken, found)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Export"),
            "form": form,
            "shown": found,
            "event": event,
            "events_to_choose": [(event.title, found.address_for(event)) for event in found.events],
            "ready_made": offered(reader),
            "list_address": writing_address(found.query),
        }
        return render(request, "admin/registrations/registration/export.html", context)


def event_of(request, found: Shown) -> Event | None:
    """The one event whose people are shown, also when they are nobody; None when there are several."""
    key = found.query.get("event", "")
    if not found.by_event and is_key(key):
        return Event.objects.visible_to(request.user).filter(pk=key).first()
    return found.events[0] if len(found.events) == 1 else None


def offered(reader: Reader) -> list[tuple]:
    """The ready-made lists, each with its buttons: what they send and what stands on them."""
    return [
        (made, [(f"{name}.{format}", FORMATS[format].ending.upper()) for format in made.formats])
        for name, made in ready_made(reader).items()
    ]


def table(form: ExportForm, found: Shown, reader: Reader) -> Taken | None:
    """The table that was asked for; None when another list was, or when the form is filled in wrong."""
    if not (form.is_bound and form.is_valid()):
        return None
    form.remember()
    format, names = form.cleaned_data["format"], form.cleaned_data["columns"]
    title = str(found.events[0].title) if len(found.events) == 1 else _("Registrations")
    written = write_people(form.in_order(found.people), format, reader, names=names, title=title)
    return Taken("registrations", _("table"), format, found.events, *written)


def ready_made_list(request, event: Event | None, found: Shown, reader: Reader) -> Taken | None:
    """The ready-made list whose button was pressed; None, and a message, when there is no such list."""
    if "list" not in request.POST:
        return None
    name, _dot, format = request.POST["list"].partition(".")
    made = ready_made(reader).get(name)
    if event is None or made is None or format not in made.formats:
        messages.error(request, _("Please choose one event, and then one of its lists."))
        return None
    written = made.write(event, with_a_place(event, found.people), format, reader)
    return Taken(name, str(made.title), format, [event], *written)


def handed_out(user, taken: Taken, found: Shown) -> FileResponse:
    """The file, after it was written down who took it."""
    form = FORMATS[taken.format]
    record(
        user,
        kind=f"{taken.kind}, {form.label}",
        events=taken.events,
        count=taken.count,
        filters=found.filters_for_the_log,
        columns=taken.columns,
    )
    of = f"-{taken.events[0].slug}" if len(taken.events) == 1 else ""
    return FileResponse(
        taken.file,
        as_attachment=True,
        filename=f"{taken.name}{of}-{timezone.localdate()}.{form.ending}",
        content_type=form.content_type,
    )

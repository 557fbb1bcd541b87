"""Taking lists of people out of the site."""

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registrations import exports
from registrations.admin.mailings import writing_address


class Exporting:
    """For the ModelAdmin of registrations: the list's exports."""

    def has_export_permission(self, request):
        return request.user.has_perm("registrations.export_registration")

    def get_urls(self):
        export = self.admin_site.admin_view(self.export_view)
        return [path("export/", export, name="registrations_registration_export"), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        formats = [
            ("csv", _("Export for Excel")),
            ("csv-comma", _("Export as CSV")),
        ]
        context = {
            "title": _("Registrations"),
            "writing_address": writing_address(request.GET) if self.has_send_permission(request) else None,
            "has_export_permission": self.has_export_permission(request),
            "exports": [(self.export_url(request, name), label) for name, label in formats],
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def export_url(self, request, name: str) -> str:
        """The address of the export of what the list now shows."""
        query = request.GET.copy()
        query["format"] = name
        return f"{reverse('admin:registrations_registration_export')}?{query.urlencode()}"

    def export_view(self, request):
        """The rows that the list's filters and search show, as CSV; recorded in the admin's log."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        query = request.GET.copy()
        name = query.pop("format", ["csv"])[-1]
        request.GET = query
        try:
            registrations = self.get_changelist_instance(request).get_queryset(request)
            form = exports.FORMATS[name]
        except (IncorrectLookupParameters, KeyError):
            messages.error(
                request, gettext("This export does not exist. Please choose the filters and the format again.")
            )
            return redirect("admin:registrations_registration_changelist")
        file, count = exports.write_csv(registrations, form)
        chosen = {name: value for name, value in query.items() if name not in ("o", "p", "all", "e")}
        exports.record(request.user, registrations, count=count, filters=chosen)
        return FileResponse(
            file,
            as_attachment=True,
            filename=f"registrations-{timezone.localdate()}.csv",
            content_type="text/csv; charset=utf-8",
        )

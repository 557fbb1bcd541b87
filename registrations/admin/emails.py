"""The outbox in the admin: what was e-mailed to whom, and what could not be."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from registrations.admin import filters
from registrations.admin.careful import Careful
from registrations.models import OutgoingEmail


class ReadOnly:
    """Shown, never edited: what the site itself writes."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class EmailInline(ReadOnly, admin.TabularInline):
    model = OutgoingEmail
    fields = readonly_fields = ["kind", "to", "created_at", "state", "sent_at", "attempts", "last_error"]
    extra = 0
    ordering = ["-created_at"]

    @admin.display(description=_("state"))
    def state(self, email):
        return email.state


@admin.register(OutgoingEmail)
class OutgoingEmailAdmin(Careful, ReadOnly, admin.ModelAdmin):
    allowed_lookups = {"kind__exact"}
    list_display = ["kind", "registration", "to", "created_at", "state", "sent_at", "attempts", "last_error"]
    list_filter = [filters.EmailStateFilter, "kind"]
    list_select_related = ["registration"]
    ordering = ["-created_at"]
    fields = [
        "kind",
        "registration",
        "to",
        "language",
        "created_at",
        "state",
        "next_attempt_at",
        "sent_at",
        "attempts",
        "last_error",
    ]

    @admin.display(description=_("state"))
    def state(self, email):
        return email.state

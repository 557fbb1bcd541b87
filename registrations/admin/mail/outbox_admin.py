"""The outbox: e-mails that were sent, wait, or failed."""

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.admin.mixins import EventTimeZoneMixin
from registrations.admin import list_filters
from registrations.admin.mail.outbox_views import health_view, resend, resend_view, send_test_view
from registrations.admin.mixins import OperationsAdmin, ReadOnlyMixin
from registrations.models import OutgoingEmail


class OutgoingEmailInline(ReadOnlyMixin, admin.TabularInline):
    model = OutgoingEmail
    fields = readonly_fields = ["kind", "to", "created_at", "state", "sent_at", "attempts", "last_error"]
    extra = 0
    ordering = ["-created_at"]
    show_change_link = True


class OutboxChangeList(ChangeList):
    @property
    def tools(self) -> list[tuple[str, str]]:
        return [(_("E-mail delivery"), reverse("admin:registrations_outgoingemail_health"))]


@admin.register(OutgoingEmail)
class OutgoingEmailAdmin(EventTimeZoneMixin, ReadOnlyMixin, OperationsAdmin):
    time_zone_path = "registration__event__time_zone"
    allowed_lookups = {"kind__exact", "mailing__id__exact"}
    list_display = ["kind", "registration", "to", "created_at", "state", "sent_at", "attempts", "last_error"]
    list_filter = [list_filters.EmailEventFilter, list_filters.EmailStateFilter, "kind"]
    list_select_related = ["registration"]
    ordering = ["-created_at"]
    actions = ["send_again"]
    fields = [
        "kind",
        "registration",
        "mailing",
        "to",
        "language",
        "subject",
        "created_at",
        "state",
        "next_attempt_at",
        "sent_at",
        "attempts",
        "last_error",
    ]

    def has_resend_permission(self, request):
        return request.user.has_perm("registrations.change_outgoingemail")

    def get_urls(self):
        return [
            path("health/", health_view, name="registrations_outgoingemail_health"),
            path("test/", send_test_view, name="registrations_outgoingemail_test"),
            path("<int:pk>/again/", resend_view, name="registrations_outgoingemail_again"),
            *super().get_urls(),
        ]

    def get_changelist(self, request, **kwargs):
        return OutboxChangeList

    @admin.action(description=gettext_lazy("Send again"), permissions=["resend"])
    def send_again(self, request, queryset):
        resend(request, queryset)

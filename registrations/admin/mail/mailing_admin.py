"""Messages to many people, and how many of them were sent."""

from django.contrib import admin
from django.db.models import Count, Q
from django.urls import path
from django.utils.translation import gettext_lazy as _

from registrations.admin.mail.compose_view import compose_view
from registrations.admin.mixins import OperationsAdmin, ReadOnlyMixin
from registrations.models import Mailing


@admin.register(Mailing)
class MailingAdmin(ReadOnlyMixin, OperationsAdmin):
    list_display = ["subject", "created_at", "created_by", "sent", "waiting", "failed"]
    list_select_related = ["created_by"]
    fields = ["subject", "text", "created_at", "created_by", "sent", "waiting", "failed"]

    def has_add_permission(self, request):
        return request.user.has_perm("registrations.add_mailing")

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .annotate(
                sent=Count("emails", filter=Q(emails__sent_at__isnull=False)),
                waiting=Count("emails", filter=Q(emails__next_attempt_at__isnull=False)),
                failed=Count(
                    "emails",
                    filter=Q(emails__sent_at__isnull=True, emails__next_attempt_at__isnull=True)
                    & ~Q(emails__last_error=""),
                ),
            )
        )

    def get_urls(self):
        return [path("add/", compose_view, name="registrations_mailing_add"), *super().get_urls()]

    @admin.display(description=_("sent"))
    def sent(self, mailing):
        return mailing.sent

    @admin.display(description=_("waiting to be sent"))
    def waiting(self, mailing):
        return mailing.waiting

    @admin.display(description=_("failed"))
    def failed(self, mailing):
        return mailing.failed

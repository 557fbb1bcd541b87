"""The outbox in the admin: what was e-mailed to whom, what could not be, and whether e-mail goes out at all."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conference.admin.time_zone import EventTimeZoneMixin
from registrations.admin import list_filters
from registrations.admin.mixins import ReadOnlyMixin, RegistrationsAdmin
from registrations.mail import outbox
from registrations.mail.health import count_failure_reasons, get_health
from registrations.models import OutgoingEmail


class OutgoingEmailInline(ReadOnlyMixin, admin.TabularInline):
    model = OutgoingEmail
    fields = readonly_fields = ["kind", "to", "created_at", "state", "sent_at", "attempts", "last_error"]
    extra = 0
    ordering = ["-created_at"]
    show_change_link = True

    @admin.display(description=gettext_lazy("state"))
    def state(self, email):
        return email.state


@admin.register(OutgoingEmail)
class OutgoingEmailAdmin(EventTimeZoneMixin, RegistrationsAdmin, ReadOnlyMixin, admin.ModelAdmin):
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

    @admin.display(description=gettext_lazy("state"))
    def state(self, email):
        return email.state

    def has_resend_permission(self, request):
        return request.user.has_perm("registrations.change_outgoingemail")

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("health/", view(self.health_view), name="registrations_outgoingemail_health"),
            path("test/", view(require_POST(self.test_view)), name="registrations_outgoingemail_test"),
            path("<int:pk>/again/", view(require_POST(self.resend_view)), name="registrations_outgoingemail_again"),
            *super().get_urls(),
        ]

    def health_view(self, request):
        """How many e-mails wait, how many failed and why, when a sender last ran; a test e-mail to oneself."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("E-mail delivery"),
            "health": get_health(self.get_queryset(request)),
            "reasons": count_failure_reasons(self.get_queryset(request)),
            "may_test": self.has_resend_permission(request),
        }
        return render(request, "admin/registrations/outgoingemail/health.html", context)

    def test_view(self, request):
        """Send a message through the outbox to whoever asks for it."""
        if not self.has_resend_permission(request):
            raise PermissionDenied
        if request.user.email:
            outbox.queue_test(request.user.email, get_language())
            text = _("A test e-mail is on its way to %(address)s. If it does not arrive, look here for the reason.")
            messages.success(request, text % {"address": request.user.email})
        else:
            messages.error(request, _("Your account has no e-mail address. Ask an administrator to add one."))
        return redirect("admin:registrations_outgoingemail_health")

    def resend_view(self, request, pk):
        if not self.has_resend_permission(request):
            raise PermissionDenied
        get_object_or_404(self.get_queryset(request), pk=pk)
        self.redirect_on_refusal(request, self.send_again, OutgoingEmail.objects.filter(pk=pk))
        return redirect("admin:registrations_outgoingemail_change", pk)

    @admin.action(description=gettext_lazy("Send again"), permissions=["resend"])
    def send_again(self, request, queryset):
        number = 0
        for email in queryset.exclude(to=""):
            email.mark_for_resend(timezone.now())
            email.save()
            self.log_change(request, email, "send_again")
            number += 1
        messages.success(request, _("E-mails on their way again: %(number)d.") % {"number": number})

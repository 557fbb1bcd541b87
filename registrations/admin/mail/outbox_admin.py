"""The outbox: e-mails that were sent, wait, or failed; its health, a test, and sending failed e-mails again."""

from django.contrib import admin, messages
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conference.admin.mixins import EventTimeZoneMixin
from conference.database_clock import read_database_clock
from registrations.admin import list_filters
from registrations.admin.extra_pages import admin_view, log_change, refusals_as_messages, render_page
from registrations.admin.mixins import OperationsAdmin, ReadOnlyMixin
from registrations.mail import outbox
from registrations.mail.outbox import count_failure_reasons, count_waiting, get_health
from registrations.models import OutgoingEmail, Sender


class OutgoingEmailInline(ReadOnlyMixin, admin.TabularInline):
    model = OutgoingEmail
    fields = readonly_fields = ["kind", "to", "created_at", "state", "sent_at", "attempts", "last_error"]
    ordering = ["-created_at"]
    show_change_link = True
    classes = ["collapse"]

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def has_view_permission(self, request, obj=None):
        # An empty table tells nothing, and on a phone it scrolls where no key reaches it. With e-mails that nobody sees
        # here, it would tell who has needs.
        can_view = super().has_view_permission(request, obj)
        return can_view and (obj is None or obj.emails.visible_to(request.user).exists())


@admin.register(OutgoingEmail)
class OutgoingEmailAdmin(EventTimeZoneMixin, ReadOnlyMixin, OperationsAdmin):
    is_of_one_event = True
    time_zone_path = "registration__event__time_zone"
    allowed_lookups = {"kind__exact", "mailing__id__exact"}
    list_display = ["kind", "registration", "to", "created_at", "state", "sent_at", "attempts", "last_error"]
    list_filter = [list_filters.EmailEventFilter, list_filters.EmailStateFilter, "kind"]
    list_select_related = ["registration"]
    ordering = ["-pk"]
    actions = ["send_again"]
    fields = ["kind", "registration", "mailing", "to", "language", "subject"]
    fields += ["created_at", "state", "next_attempt_at", "sent_at", "attempts", "last_error"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("text", "html")

    def has_resend_permission(self, request):
        return request.user.has_perm("registrations.change_outgoingemail")

    def has_resume_permission(self, request):
        """Whether the user decides what is sent after the database was restored from a backup."""
        return request.user.is_superuser

    def get_urls(self):
        return [
            path("health/", health_view, name="registrations_outgoingemail_health"),
            path("resume/", resume_view, name="registrations_outgoingemail_resume"),
            path("test/", send_test_view, name="registrations_outgoingemail_test"),
            path("<int:pk>/again/", resend_view, name="registrations_outgoingemail_again"),
            *super().get_urls(),
        ]

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        changelist.tools = [(_("E-mail delivery"), reverse("admin:registrations_outgoingemail_health"))]
        return changelist

    @admin.action(description=gettext_lazy("Send again"), permissions=["resend"])
    def send_again(self, request, queryset):
        emails, now = queryset.exclude(to=""), read_database_clock()
        for email in emails:
            email.mark_for_resend(now)
            email.save()
            log_change(request, email, "send_again")
        messages.success(request, _("E-mails on their way again: %(number)d.") % {"number": len(emails)})


@admin_view(OutgoingEmail, "view")
def health_view(request):
    emails = OutgoingEmail.objects.visible_to(request.user)
    health = get_health(emails)
    told = {"health": health, "reasons": count_failure_reasons(emails)}
    if health.on_hold_since:
        told["waiting"] = count_waiting(emails)
    return render_page(request, OutgoingEmail, "registrations/outgoingemail/health.html", _("E-mail delivery"), **told)


@admin_view(OutgoingEmail, "resume")
@require_POST
def resume_view(request):
    if on_hold_since := outbox.get_hold():  # else somebody has decided already
        discard_before = on_hold_since if "discard" in request.POST else None
        discarded, waiting = outbox.resume_outbox(discard_before=discard_before)
        log_change(request, Sender.objects.get(), f"resume_emails: {discarded} discarded, {waiting} waiting")
        text = _("E-mail is sent again. Discarded: %(discarded)d, to be sent: %(waiting)d.")
        messages.success(request, text % {"discarded": discarded, "waiting": waiting})
    return redirect("admin:registrations_outgoingemail_health")


@admin_view(OutgoingEmail, "resend")
@require_POST
def send_test_view(request):
    if request.user.email:
        outbox.queue_test(request.user.email, get_language())
        text = _("A test e-mail is on its way to %(address)s. If it does not arrive, look here for the reason.")
        messages.success(request, text % {"address": request.user.email})
    else:
        messages.error(request, _("Your account has no e-mail address. Ask an administrator to add one."))
    return redirect("admin:registrations_outgoingemail_health")


@admin_view(OutgoingEmail, "resend", scoped=True)
@require_POST
def resend_view(request, email):
    with refusals_as_messages(request):
        admin.site.get_model_admin(OutgoingEmail).send_again(request, OutgoingEmail.objects.filter(pk=email.pk))
    return redirect("admin:registrations_outgoingemail_change", email.pk)

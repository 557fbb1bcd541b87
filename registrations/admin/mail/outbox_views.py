"""The health of the outbox, a test e-mail, and sending failed e-mails again."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from registrations.admin.extra_pages import admin_view, log_change, refusals_as_messages, render_page
from registrations.mail import outbox
from registrations.mail.outbox import count_failure_reasons, get_health
from registrations.models import OutgoingEmail


@admin_view(OutgoingEmail, "view")
def health_view(request):
    """How many e-mails wait, how many failed and why, and when a sender last ran."""
    emails = OutgoingEmail.objects.visible_to(request.user)
    return render_page(
        request,
        OutgoingEmail,
        "registrations/outgoingemail/health.html",
        _("E-mail delivery"),
        health=get_health(emails),
        reasons=count_failure_reasons(emails),
    )


@admin_view(OutgoingEmail, "resend")
@require_POST
def send_test_view(request):
    """Send a test e-mail through the outbox to the user."""
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
        resend(request, OutgoingEmail.objects.filter(pk=email.pk))
    return redirect("admin:registrations_outgoingemail_change", email.pk)


def resend(request, emails) -> None:
    number = 0
    for email in emails.exclude(to=""):
        email.mark_for_resend(timezone.now())
        email.save()
        log_change(request, email, "send_again")
        number += 1
    messages.success(request, _("E-mails on their way again: %(number)d.") % {"number": number})

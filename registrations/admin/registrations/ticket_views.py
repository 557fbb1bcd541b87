"""The ticket of one person to print, for people without e-mail together with the personal link."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from conference.site_urls import absolute_url
from registrations import operations
from registrations.admin.extra_pages import admin_view, log_change, refusals_as_messages
from registrations.models import Registration


@admin_view(Registration, "change", "export", scoped=True)
@require_http_methods(["GET", "HEAD", "POST"])
def ticket_view(request, registration):
    """Show the ticket, in the person's language; a POST replaces the link that was printed before.

    Only people without an e-mail address get their personal link this way. The log says who printed it.
    """
    if request.method == "POST" and not registration.email:
        with refusals_as_messages(request):
            operations.replace_link(registration)
            log_change(request, registration, _("Replaced the personal link"))
        return redirect("admin:registrations_registration_ticket", registration.pk)
    context = {"registration": registration, "event": registration.event}
    if registration.email:
        log_change(request, registration, _("Printed the ticket"))
    else:
        log_change(request, registration, _("Printed the ticket with the personal link"))
        with override(registration.language):
            context["link"] = absolute_url(registration.manage_path)
    return render(request, "admin/registrations/registration/ticket.html", context)

"""The admin site as staff get into it: through the pages of accounts, with a second factor where it is required."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.second_factor import is_overdue
from attendance.door_permissions import CHECK_IN
from registrations.admin_site import ConferenceAdminSite


class StaffAdminSite(ConferenceAdminSite):
    """It takes no passwords itself, and is closed to users whose second factor is overdue."""

    def has_permission(self, request):
        return super().has_permission(request) and not is_overdue(request.user)

    def index(self, request, extra_context=None):
        """Lead who may only check people in to the doors; there is nothing else for them."""
        if request.user.has_perm(CHECK_IN) and not request.user.has_perm("registrations.view_registration"):
            return redirect("attendance:door_start")
        return super().index(request, extra_context)

    def login(self, request, extra_context=None):
        return lead_to_log_in(request)

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

    def password_change_done(self, request, extra_context=None):
        return redirect("account_change_password")


@never_cache
def lead_to_log_in(request):
    """Redirect to what the user needs to see the page of the admin that was asked for."""
    asked = request.GET.get(REDIRECT_FIELD_NAME, "")
    target = asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else reverse("admin:index")
    user = request.user
    if user.is_anonymous:
        return redirect(f"{reverse('account_login')}?{urlencode({REDIRECT_FIELD_NAME: target})}")
    if not (user.is_active and user.is_staff):
        raise PermissionDenied
    if is_overdue(user):
        messages.error(request, _("Your account needs two-step log-in. Set it up here to use the admin site again."))
        return redirect("mfa_index")
    return redirect(target)

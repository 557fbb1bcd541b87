"""The admin page of users, with their second factors. What allauth stores is in no list: it holds secrets."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext, gettext_lazy, gettext_noop
from django.views.decorators.http import require_http_methods

from accounts.second_factor import has_second_factor, reset_second_factor
from conference.admin.model_admins import ConferenceUserAdmin
from registrations.admin.extra_pages import admin_view, render_page
from registrations.mail.account_emails import queue_account_notice
from registrations.models import OutgoingEmail

admin.site.unregister([EmailAddress, Authenticator, UserSession, User])

RESET = gettext_noop("Two-step log-in was reset.")  # in the log


@admin.register(User)
class StaffUserAdmin(ConferenceUserAdmin):
    """A superuser can remove the second factor of somebody else who has lost it."""

    def get_urls(self):
        route, name = "<int:pk>/reset-second-factor/", "auth_user_reset_second_factor"
        return [path(route, reset_second_factor_view, name=name), *super().get_urls()]

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        return [*fieldsets, (gettext("Log-in"), {"fields": ["two_step_log_in"]})] if obj else fieldsets

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), "two_step_log_in"]

    def user_change_password(self, request, id, form_url=""):
        """One's own is changed in one's account: with the present one. Either way, its user is told by e-mail."""
        user = self.get_object(request, unquote(id))
        if user and user.pk == request.user.pk:
            return redirect("account_change_password")
        response = super().user_change_password(request, id, form_url)
        if user and request.method == "POST":
            before = user.password
            user.refresh_from_db(fields=["password"])
            if user.password != before and user.has_usable_password():
                queue_account_notice(user, OutgoingEmail.Kind.PASSWORD_CHANGED)
        return response

    @admin.display(description=gettext_lazy("two-step log-in"), boolean=True)
    def two_step_log_in(self, user):
        return has_second_factor(user)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        user = self.get_object(request, object_id)
        can_reset = bool(user) and can_reset_second_factor(request.user, user) and has_second_factor(user)
        context = {**(extra_context or {}), "can_reset_second_factor": can_reset}
        return super().change_view(request, object_id, form_url, context)


def can_reset_second_factor(superuser, user) -> bool:
    """Whether the first may reset the second one's factor: one's own is removed in one's account, with a password."""
    return superuser.is_superuser and superuser.pk != user.pk


@admin_view(User, "change", scoped=True)
@require_http_methods(["GET", "HEAD", "POST"])
def reset_second_factor_view(request, user):
    if not can_reset_second_factor(request.user, user):
        raise PermissionDenied
    if request.method == "POST":
        if reset_second_factor(user):
            admin.site.get_model_admin(User).log_change(request, user, RESET)
        messages.success(request, gettext("Two-step log-in was reset for %(user)s.") % {"user": user})
        return redirect("admin:auth_user_change", user.pk)
    title = gettext("Reset two-step log-in")
    return render_page(request, User, "auth/user/reset_second_factor.html", title, user_to_reset=user)

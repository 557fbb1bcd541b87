"""Passwords: changing one's own, getting a new one by e-mail, and a colleague's first one. All else about accounts is
done by allauth, whose pages say here what to do next when something comes too late.
"""

from urllib.parse import urlencode

from allauth.account.internal.stagekit import get_pending_stage
from allauth.mfa.base.views import authenticate
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView, RemoveWebAuthnView
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.auth.views import (
    INTERNAL_RESET_SESSION_TOKEN,
    LogoutView,
    PasswordChangeView,
    PasswordResetConfirmView,
)
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import ChangePasswordForm, NewPasswordForm, PasswordResetRequestForm
from accounts.models import Colleague
from accounts.try_limits import remember_device
from registrations.mail.account_emails import (
    invitation_token_generator,
    is_invited,
    queue_account_notice,
    queue_password_reset,
)
from registrations.models import OutgoingEmail

ACCEPTED = gettext_noop("The invitation was accepted.")  # in the log
PASSWORD_CHANGED = OutgoingEmail.Kind.PASSWORD_CHANGED


class AccountLogoutView(LogoutView):
    next_page = reverse_lazy("account_login")


class ChangePasswordView(PasswordChangeView):
    """Changes the user's own password, which ends all other sessions."""

    template_name = "account/password_change.html"
    form_class = ChangePasswordForm
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form):
        response = super().form_valid(form)
        UserSession.objects.create_from_request(self.request)
        queue_account_notice(form.user, PASSWORD_CHANGED)
        messages.success(self.request, _("Your password has been changed. You have been logged out everywhere else."))
        return response


@require_http_methods(["GET", "HEAD", "POST"])
def request_new_password(request):
    """Send a link to an address. The response is the same for every address, and so is its time."""
    form = PasswordResetRequestForm(request.POST or None)
    if form.is_valid():
        queue_password_reset(form.cleaned_data["email"])
        return redirect("account_reset_password_done")
    return render(request, "account/password_reset.html", {"form": form})


@require_safe
def new_password_requested(request):
    return render(request, "account/password_reset_done.html")


class SetNewPasswordView(PasswordResetConfirmView):
    """Sets the password of whoever opens the link; they log in with it afterwards, with their second factor."""

    template_name = "account/password_set.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("account_login")
    reset_url_token = "new"  # noqa: S105 (stands for the token, which is in the session)

    def form_valid(self, form):
        response = super().form_valid(form)
        queue_account_notice(self.user, PASSWORD_CHANGED)
        remember_device(response, self.user, scope="password")
        messages.success(self.request, _("Your password has been changed. You can log in with it now."))
        return response


class AcceptInvitationView(PasswordResetConfirmView):
    """Sets the first password of an invited colleague, who logs in with it and is led to add a second factor."""

    template_name = "account/invitation.html"
    form_class = NewPasswordForm
    token_generator = invitation_token_generator
    reset_url_token = "new"  # noqa: S105 (stands for the token, which is in the session)

    @transaction.atomic
    def form_valid(self, form):
        """Save the password alone, and only if the invitation was not accepted or withdrawn in the meantime."""
        user = User.objects.select_for_update().get(pk=self.user.pk)
        if not is_invited(user) or user.password != self.user.password:
            return self.render_to_response(self.get_context_data(validlink=False))
        user.set_password(form.cleaned_data["new_password1"])
        user.save(update_fields=["password"])
        self.request.session.pop(INTERNAL_RESET_SESSION_TOKEN, None)
        LogEntry.objects.log_actions(user.pk, Colleague.objects.filter(pk=user.pk), CHANGE, ACCEPTED)
        response = redirect(f"{reverse('account_login')}?{urlencode({'next': reverse('mfa_index')})}")
        remember_device(response, user, scope="password")
        text = _("Your account is ready. Log in with the password now. After that you can add a passkey.")
        messages.success(self.request, text)
        return response


def enter_code(request):
    """Take the second step. Whoever needed too long for it begins again, and is told so."""
    if request.method == "POST" and request.user.is_anonymous and not get_pending_stage(request):
        messages.warning(request, _("That took too long, so nothing was checked. Please log in again."))
    return authenticate(request)


class ConfirmWithPasskeyView(ReauthenticateWebAuthnView):
    """Whoever is not confirmed stays here, and can try again or choose another way."""

    def form_invalid(self, form):
        super().form_invalid(form)  # adds the message
        return redirect(self.request.get_full_path())


log_out = AccountLogoutView.as_view()
change_password = ChangePasswordView.as_view()
accept_invitation = AcceptInvitationView.as_view()
set_new_password = SetNewPasswordView.as_view()
remove_passkey = RemoveWebAuthnView.as_view(success_url=reverse_lazy("mfa_index"))
confirm_with_passkey = ConfirmWithPasskeyView.as_view()

"""The settings of logging in, for staff alone: those of Django's accounts and sessions, and of allauth."""

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
# Without a request for so many seconds, a session ends: see accounts.session_expiry.
SESSION_COOKIE_AGE = 12 * 3600
# How long the link for a new password works, in seconds from when the e-mail is sent.
PASSWORD_RESET_TIMEOUT = 4 * 3600

ACCOUNT_ADAPTER = "accounts.adapters.StaffAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # checked at the start, though nobody can sign up
ACCOUNT_EMAIL_VERIFICATION = "none"  # administrators enter the addresses
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True  # as long as SESSION_COOKIE_AGE
ACCOUNT_REAUTHENTICATION_METHODS = ("password", "mfa")
# They would be counted for each process apart; accounts.try_limits counts in the database.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
ACCOUNT_FORMS = {"login": "accounts.forms.StaffLogInForm", "reauthenticate": "accounts.forms.PasswordAgainForm"}

MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1  # codes of the half minutes before and after are valid, as clocks differ
MFA_FORMS = {
    "authenticate": "accounts.forms.LogInCodeForm",
    "reauthenticate": "accounts.forms.ConfirmationCodeForm",
    "activate_totp": "accounts.forms.AddAppForm",
    "add_webauthn": "accounts.forms.AddPasskeyForm",
    "login_webauthn": "accounts.forms.PasskeyLogInForm",
    "authenticate_webauthn": "accounts.forms.PasskeyStepForm",
    "reauthenticate_webauthn": "accounts.forms.PasskeyConfirmationForm",
}

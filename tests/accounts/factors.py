"""Second factors for tests: authenticator apps and their codes, and sessions that have just been confirmed."""

import time

from allauth.account.internal.flows import login
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth
from allauth.mfa.utils import decrypt
from django.test import Client

# A passkey as a browser made it; what its owner would answer is unknown.
KEY_ID = "sojDKK9jLluIthpEwEvJGe798ohal5Cj7kh61FQAa_8"
CLIENT_DATA = (
    "eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoicGV3Q0NCMjZxWFFpYTY2MVFWQUtHVndSZExRUV96LTJLLVZlR25pTW5PZyIs"
    "Im9yaWdpbiI6Imh0dHA6Ly9sb2NhbGhvc3Q6NDkyNDciLCJjcm9zc09yaWdpbiI6ZmFsc2V9"
)
ATTESTATION = (
    "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVikSZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2NFAAAAAQECAwQFBgcIAQIDBAUGBwgA"
    "ILKIwyivYy5biLYaRMBLyRnu_fKIWpeQo-5IetRUAGv_pQECAyYgASFYIMt7e6TiIb9wHzpqYqIBFunlS9n_aiPAgdAc5ZrfoN0CIlggUxC-q4PO"
    "-7h65aXid7QOXvbP7l_n8CKTK9goChRmreE"
)
PASSKEY = {
    **{"id": KEY_ID, "rawId": KEY_ID, "type": "public-key", "clientExtensionResults": {"credProps": {"rk": True}}},
    "response": {"clientDataJSON": CLIENT_DATA, "attestationObject": ATTESTATION},
}


def add_app(user) -> str:
    """Give the user an authenticator app; returns its key."""
    key = auth.generate_totp_secret()
    auth.TOTP.activate(user, key)
    return key


def add_passkey(user, name: str = "iPhone") -> None:
    Authenticator.objects.create(user=user, type="webauthn", data={"name": name, "credential": PASSKEY})


def add_codes(user) -> list[str]:
    return RecoveryCodes.activate(user).generate_codes()


def get_key(user) -> str:
    return decrypt(Authenticator.objects.get(user=user, type="totp").data["secret"])


def get_code(key: str, *, periods_ago: int = 0) -> str:
    """What an app with this key shows now."""
    return auth.format_hotp_value(auth.hotp_value(key, int(time.time()) // 30 - periods_ago))


def confirm(client: Client, user) -> None:
    """Let the user have entered the password in the client's session a moment ago."""
    session = client.session
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session.save()

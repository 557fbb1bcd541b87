"""What is sealed: entries of a list, which only the ticket opens, and walk-ins, which only the site opens."""

import base64
import hashlib
import hmac
import json
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils.crypto import salted_hmac

CURVE = ec.SECP256R1()
# The order of the curve's group (SEC 2, 2.4.2): a private key is below it.
CURVE_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
IV_BYTES = 12


class CannotBeOpened(ValueError):
    """What was sealed is damaged, or was sealed for somebody else."""


def derive_key(secret: bytes, purpose: bytes) -> bytes:
    """Return the 32 bytes of HKDF-SHA256 without salt (RFC 5869), whose second step is one block long.

    Written out, because a full list needs ten thousand of them: a tenth of the time.
    """
    extracted = hmac.digest(bytes(32), secret, hashlib.sha256)
    return hmac.digest(extracted, purpose + b"\x01", hashlib.sha256)


def seal_entry(code: str, key: str, entry: dict) -> dict[str, str]:
    """Return the entry as only the ticket with this code opens it; `key` is its ticket_key."""
    iv = secrets.token_bytes(IV_BYTES)
    text = json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode()
    data = AESGCM(derive_key(code.encode(), b"door roster 1")).encrypt(iv, text, key.encode())
    return {"key": key, "iv": encode(iv), "data": encode(data)}


@lru_cache(maxsize=50)
def get_private_key(event_pk: int, secret_key: str) -> ec.EllipticCurvePrivateKey:
    digest = salted_hmac("attendance.walk_ins", str(event_pk), secret=secret_key, algorithm="sha512").digest()
    return ec.derive_private_key(int.from_bytes(digest) % (CURVE_ORDER - 1) + 1, CURVE)


@lru_cache(maxsize=50)
def get_seal_key(event_pk: int, secret_key: str) -> str:
    """Return the public point with which a phone seals walk-ins for this event."""
    public = get_private_key(event_pk, secret_key).public_key()
    return encode(public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def open_walk_in(sealed: dict, record_id: str, *, event_pk: int, secret_key: str) -> dict:
    """Return what a phone sealed about a walk-in. Raises CannotBeOpened."""
    try:
        point, iv, data = (base64.b64decode(sealed[name], validate=True) for name in ("epk", "iv", "data"))
        phone = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
        shared = get_private_key(event_pk, secret_key).exchange(ec.ECDH(), phone)
        opened = json.loads(AESGCM(derive_key(shared, b"door walk-in 1")).decrypt(iv, data, record_id.encode()))
    except (KeyError, TypeError, ValueError, InvalidTag, RecursionError) as error:
        raise CannotBeOpened from error
    if not isinstance(opened, dict):
        raise CannotBeOpened
    return opened


def encode(content: bytes) -> str:
    return base64.b64encode(content).decode()

"""The secret of a ticket: 20 letters, with which the person can be checked in and nothing else can be done."""

import hashlib
import re
import secrets

# Base 32 of 100 random bits, without I, L, O and U: I and L are read as 1, and O as 0 (Crockford's alphabet).
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 20
CODE = re.compile(f"[{LETTERS}]{{{LENGTH}}}")
LOOK_ALIKES = str.maketrans("ILO", "110")


def generate_ticket_code() -> str:
    """Return a random code, one of 2¹⁰⁰."""
    return "".join(secrets.choice(LETTERS) for _letter in range(LENGTH))


def compute_ticket_key(code: str) -> str:
    """Return the first half of the code's SHA-256 in hexadecimal, as the database computes `ticket_key`."""
    return hashlib.sha256(code.encode()).hexdigest()[:32]


def spell_ticket_code(code: str) -> str:
    """Return the code in groups of four, for whoever types it because no camera can read the ticket."""
    return " ".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def read_ticket_code(text: str) -> str:
    """Return the code in what was scanned or typed: the code, in any case and spacing, or its URL; empty if none."""
    typed = re.sub(r"[\s-]", "", text[:200]).upper().rstrip("/").rpartition("/")[2].translate(LOOK_ALIKES)
    return typed if CODE.fullmatch(typed) else ""

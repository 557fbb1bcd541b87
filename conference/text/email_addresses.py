"""E-mail addresses as people type and copy them, and the one spelling in which they are stored, compared and sent."""

import re
from contextlib import suppress
from urllib.parse import unquote

from conference.text.cleanup import clean_line

# In letters. Longer texts are no address, whatever surrounds it.
MAX_READ = 1000
WITH_NAME = re.compile(r"[^<>]*<([^<>]*)>[\s.,;]*")
OPENING, CLOSING = "\"'`“”„«»‘’‚‹›([<", "\"'`“”«»‘’‹›)]>"


def read_address(text: str) -> str:
    """Return the address in a text, without what was copied along: a name, “mailto:”, brackets, quotes, a full stop."""
    if len(text) > MAX_READ:
        return text
    while (bare := take_off(text)) != text:
        text = bare
    return text


def take_off(text: str) -> str:
    """Take off one layer of what surrounds an address."""
    text = clean_line(text)
    if with_name := WITH_NAME.fullmatch(text):
        text = with_name[1]
    if text[:7].lower() == "mailto:":
        text = unquote(text[7:].partition("?")[0])
    text = text.strip(" ,;").rstrip(" .,;:")
    is_wrapped = len(text) > 1 and text[0] in OPENING and text[-1] in CLOSING
    return text[1:-1] if is_wrapped else text


def encode_domain(email: str) -> str:
    """Return the address with its domain in ASCII and lower case, by IDNA 2008, or raise UnicodeError."""
    local, at, domain = email.rpartition("@")
    if not domain.isascii():
        import idna  # few requests need it, and it is large

        domain = idna.encode(domain, uts46=True).decode()
    return f"{local}{at}{domain.lower()}"


def get_stored_spelling(email: str) -> str:
    """Do the same as `encode_domain`, and return the address as it is if its domain has no ASCII."""
    with suppress(UnicodeError):
        return encode_domain(email)
    return email


def decode_domain(email: str) -> str:
    """Return the address, or the domain alone, with the letters of its domain as people know it."""
    local, at, domain = email.rpartition("@")
    if "xn--" in domain:
        import idna

        with suppress(UnicodeError):
            return f"{local}{at}{idna.decode(domain)}"
    return email

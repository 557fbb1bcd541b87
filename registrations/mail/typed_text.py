"""What visitors typed, as an e-mail can show it: as it was typed, and with no link in it.

Somebody can sign a stranger up, so the e-mail that this sends must carry no link of theirs.
"""

import re

from i18nfield.strings import LazyI18nString

from conference.text.languages import TranslatedText

# Where mail programs recognise addresses of pages and people. With an invisible space after it, they do not.
LINK_BOUNDARIES = re.compile(r"([.:/@。．｡：／＠])(?=\S)")
ZERO_WIDTH_SPACE = "\u200b"
# An address in which no mail program finds another link than the address itself: no slashes, quotes or “www”.
LINKLESS_ADDRESS = re.compile(r"(?!.*\bwww\b)[a-z0-9_-]+([.+][a-z0-9_-]+)*@[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)


def break_links(text: str) -> str:
    """Return the text as it was typed, which no mail program turns into a link."""
    return LINK_BOUNDARIES.sub(rf"\1{ZERO_WIDTH_SPACE}", text)


def break_links_if_typed(text: TranslatedText) -> TranslatedText:
    """Do the same for a text that a visitor may have typed: all but organisers' translated ones."""
    return text if isinstance(text, LazyI18nString) else break_links(str(text))


def display_value(text: TranslatedText, own_address: str) -> TranslatedText:
    """Return what was filled in as an e-mail shows it: the reader's `own_address` can be copied, unless it is odd.

    The e-mail goes there, so whoever signed them up could choose nothing but an address of theirs.
    """
    is_own = text == own_address and LINKLESS_ADDRESS.fullmatch(text)
    return text if is_own else break_links_if_typed(text)

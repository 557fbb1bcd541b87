"""What an event lacks, with the place where each is mended."""

from collections.abc import Iterator
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from conference.models import Event, Partner

TEXTS = ["title", "summary", "description", "working_language", "privacy_notice", "confirmation_note"]


class Missing(NamedTuple):
    """What is missing, in a sentence, and the address in the admin where it is mended."""

    text: str
    url: str


def missing(event: Event) -> list[Missing]:
    """Translations, the privacy notice, and what funders want said of them. One query."""
    found = list(untranslated(event))
    if not event.privacy_notice:
        said = {"text": capfirst(event._meta.get_field("privacy_notice").verbose_name)}
        found.append(Missing(_("%(text)s: nothing is written.") % said, address(event, "#id_privacy_notice_0")))
    for number, partner in enumerate(event.partners.all()):
        if partner.role == Partner.Role.SUPPORTER and not partner.funding_statement:
            text = _("%(name)s supports the event, but the sentence that funders ask for is not there.")
            where = address(event, f"#id_partners-{number}-funding_statement_0")
            found.append(Missing(text % {"name": partner}, where))
    return found


def untranslated(event: Event) -> Iterator[Missing]:
    """The texts of `event` that are there in some of the site's languages only."""
    for name in TEXTS:
        written = getattr(event, name).data
        if not written:
            continue
        for number, (code, language) in enumerate(settings.LANGUAGES):
            if not (isinstance(written, dict) and written.get(code)):
                said = {"text": capfirst(event._meta.get_field(name).verbose_name), "language": language}
                yield Missing(_("%(text)s: %(language)s is missing.") % said, address(event, f"#id_{name}_{number}"))


def address(event: Event, anchor: str) -> str:
    return reverse("admin:conference_event_change", args=[event.pk]) + anchor

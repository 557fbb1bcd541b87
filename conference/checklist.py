"""What an event lacks before it is published, with the place where each is mended."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from conference.example import still_sample
from conference.models import AccessibilityStatement, Event, Partner
from conference.translated import missing_languages

EVENT_TEXTS = ["title", "summary", "description", "picture_description", "working_language", "privacy_notice"]
EVENT_TEXTS += ["confirmation_note"]
STATEMENT_TEXTS = ["owner", "not_accessible", "enforcement"]
VENUE_TEXTS = ["name", "street", "city", "directions", "accessibility"]
# Decision (EU) 2018/1523, recital 3: at least annually.
STATEMENT_REVIEWED_EVERY = timedelta(days=366)
EXAMPLE_HOSTS = ("example.org", "example.com", "example.net")


class Matter(NamedTuple):
    """What is the matter, in a sentence, and the address in the admin where it is mended."""

    text: str
    url: str


def missing(event: Event) -> list[Matter]:
    """What should be mended before `event` is published. Three queries, one more if the venue is not at hand."""
    topics, partners = list(event.topics.all()), list(event.partners.all())
    return [
        *texts(event, topics, partners),
        *people_behind(event, partners),
        *([] if topics else [Matter(_("There are no topics."), address(event, "#topics-group"))]),
        *times(event),
    ]


def worth_knowing(event: Event) -> list[Matter]:
    """What may be meant so, and stops nobody."""
    found = []
    if event.capacity is None:
        found.append(Matter(_("The number of places is not limited."), address(event, "#id_capacity")))
    if not event.venue.map_url:
        found.append(Matter(_("The venue is not on the map."), venue_address(event, "#id_latitude")))
    if event.picture_id and not event.picture_description:
        text = _("Nobody who cannot see the picture is told what it shows.")
        found.append(Matter(text, address(event, "#id_picture_description_0")))
    return found


def address(event: Event, anchor: str) -> str:
    return reverse("admin:conference_event_change", args=[event.pk]) + anchor


def venue_address(event: Event, anchor: str) -> str:
    return reverse("admin:conference_venue_change", args=[event.venue_id]) + anchor


def untranslated(row, names: list[str], where: str, of: str = "") -> Iterator[Matter]:
    """The texts of `row` that are there in some languages only; `where` is the address up to the field's name."""
    sentence = _("%(text)s: %(language)s is missing.")
    for name in names:
        for code in missing_languages(getattr(row, name)):
            yield in_language(row, name, code, sentence, where, of)


def samples(row, part: str, name: str, where: str) -> Iterator[Matter]:
    """Where the text `name` of `row` still is the one of this part of the example; `where` as in `untranslated`."""
    sentence = _("%(text)s: the one in %(language)s is still the sample. Replace it with your own.")
    for code in still_sample(getattr(row, name), part, name):
        yield in_language(row, name, code, sentence, where)


def in_language(row, name: str, code: str, sentence: str, where: str, of: str = "") -> Matter:
    """What the `sentence` says of the text `name` in the language with this code; `where` as in `untranslated`."""
    languages = dict(settings.LANGUAGES)
    label = str(row._meta.get_field(name).verbose_name)
    said = {"text": capfirst(f"{of}: {label}" if of else label), "language": languages[code]}
    return Matter(sentence % said, f"{where}{name}_{list(languages).index(code)}")


def texts(event: Event, topics: list, partners: list) -> Iterator[Matter]:
    """What is written in one language and not in another, and the texts that no event can be without."""
    here = address(event, "#id_")
    for name in ("summary", "description", "privacy_notice"):
        if not getattr(event, name):
            label = capfirst(event._meta.get_field(name).verbose_name)
            yield Matter(_("%(text)s: nothing is written.") % {"text": label}, f"{here}{name}_0")
    yield from untranslated(event, EVENT_TEXTS, here)
    yield from samples(event, "event", "privacy_notice", here)
    yield from untranslated(event.venue, VENUE_TEXTS, venue_address(event, "#id_"), str(event.venue))
    for number, topic in enumerate(topics):
        yield from untranslated(topic, ["title", "description"], f"{here}topics-{number}-", str(topic))
    for number, partner in enumerate(partners):
        yield from untranslated(partner, ["name", "funding_statement"], f"{here}partners-{number}-", str(partner))


def people_behind(event: Event, partners: list[Partner]) -> Iterator[Matter]:
    if not any(partner.role == Partner.Role.ORGANISER for partner in partners):
        yield Matter(_("No organiser is named."), address(event, "#partners-group"))
    for number, partner in enumerate(partners):
        if partner.role == Partner.Role.SUPPORTER and not partner.funding_statement:
            text = _("%(name)s supports the event, but the sentence that funders ask for is not there.")
            where = address(event, f"#id_partners-{number}-funding_statement_0")
            yield Matter(text % {"name": partner}, where)
    if is_example(event.contact_email):
        text = _("The contact address is still an example: %(address)s.") % {"address": event.contact_email}
        yield Matter(text, address(event, "#id_contact_email"))


def is_example(email: str) -> bool:
    """Whether the address is at a host that is nobody's, such as the one of the example conference."""
    host = email.rpartition("@")[2].lower()
    return host in EXAMPLE_HOSTS or host.endswith(tuple(f".{example}" for example in EXAMPLE_HOSTS))


def times(event: Event) -> Iterator[Matter]:
    """Times that are over, or that do not fit each other."""
    if event.has_started:
        yield Matter(_("The event starts in the past."), address(event, "#id_starts_at_0"))
    closes_at = event.registration_closes_at
    if closes_at and closes_at <= timezone.now():
        yield Matter(_("Registration closes in the past."), address(event, "#id_registration_closes_at_0"))
    if closes_at and closes_at > event.starts_at:
        yield Matter(_("Registration closes after the event starts."), address(event, "#id_registration_closes_at_0"))
    if event.registration_opens_at and event.registration_opens_at >= (closes_at or event.starts_at):
        yield Matter(
            _("Registration opens only when it has closed already."), address(event, "#id_registration_opens_at_0")
        )


def accessibility() -> Iterator[Matter]:
    """What the site's accessibility statement lacks; it is nobody's who is limited to chosen events. One query."""
    statement = AccessibilityStatement.objects.first()
    if statement is None:
        where = reverse("admin:conference_accessibilitystatement_add")
        yield Matter(_("There is no accessibility statement, which the law asks for."), where)
        return
    here = reverse("admin:conference_accessibilitystatement_change", args=[statement.pk]) + "#id_"
    if timezone.localdate() - statement.reviewed_on > STATEMENT_REVIEWED_EVERY:
        yield Matter(_("The accessibility statement was last reviewed more than a year ago."), f"{here}reviewed_on")
    if is_example(statement.feedback_email):
        text = _("The accessibility statement's address for feedback is still an example: %(address)s.")
        yield Matter(text % {"address": statement.feedback_email}, f"{here}feedback_email")
    yield from untranslated(statement, STATEMENT_TEXTS, here, str(statement))
    yield from samples(statement, "accessibility_statement", "not_accessible", here)

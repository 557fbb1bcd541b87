"""Checks before an event is published: what is missing, and where in the admin it can be added."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from conference.admin.setting_topics import find_topic
from conference.models import AccessibilityStatement, Event, Partner
from conference.sample_event import find_sample_languages

EVENT_TEXTS = ["title", "fee", "summary", "description", "picture_description", "working_language", "privacy_notice"]
EVENT_TEXTS += ["confirmation_note"]
VENUE_TEXTS = ["name", "street", "city", "directions", "accessibility"]
# Decision (EU) 2018/1523, recital 3: at least annually.
STATEMENT_REVIEW_INTERVAL = timedelta(days=366)
EXAMPLE_HOSTS = ("example.org", "example.com", "example.net")


class Issue(NamedTuple):
    """A problem in one sentence, and the URL in the admin where it can be fixed."""

    text: str
    url: str


def find_errors(event: Event) -> list[Issue]:
    """Return what should be fixed before `event` is published. Four queries, plus one if the venue is not loaded."""
    topics, partners = list(event.topics.all()), list(event.partners.all())
    sectors = list(event.sectors.all()) if event.is_asked("sector") else []
    found = [*find_text_issues(event, topics, partners, sectors), *find_partner_issues(event, partners)]
    if not topics and event.is_asked("topics"):
        found.append(Issue(_("There are no topics."), event_change_url(event, "#topics-group")))
    if event.is_asked("sector") and not any(sector.is_offered for sector in sectors):
        text = _("The form asks for the sector, but there is none to choose.")
        found.append(Issue(text, event_change_url(event, "#sectors-group")))
    return [*found, *find_time_issues(event)]


def find_hints(event: Event) -> list[Issue]:
    """Return what may be intentional, and so is shown only as a hint."""
    found = []
    if event.capacity is None:
        found.append(Issue(_("The number of places is not limited."), event_change_url(event, "#id_capacity")))
    if not event.venue.coordinates:
        found.append(Issue(_("The venue is not on the map."), venue_change_url(event, "#id_map_link")))
    if event.picture_id and not event.picture_description:
        text = _("The picture has no description for people who cannot see it.")
        found.append(Issue(text, event_change_url(event, "#id_picture_description_0")))
    return found


def event_change_url(event: Event, anchor: str) -> str:
    """Return the address of the field or rows with this anchor, on the page of their topic."""
    return settings_url(event, find_topic(anchor)) + anchor


def settings_url(event: Event, topic: str) -> str:
    return reverse("admin:conference_event_settings", args=[event.pk, topic])


def venue_change_url(event: Event, anchor: str) -> str:
    return reverse("admin:conference_venue_change", args=[event.venue_id]) + anchor


def find_untranslated(row, names: list[str], where: str, of: str = "") -> Iterator[Issue]:
    """Yield the texts of `row` that exist in some languages only; `where` is the URL up to the field's name."""
    sentence = _("%(text)s: the %(language)s text is missing.")
    codes = list(dict(settings.LANGUAGES))
    for name in names:
        text = getattr(row, name)
        texts = getattr(text, "data", text)
        if isinstance(texts, dict) and any(texts.get(code) for code in codes):
            for code in codes:
                if not texts.get(code):
                    yield make_language_issue(row, name, code, sentence, where, of)


def find_samples(row, part: str, name: str, where: str) -> Iterator[Issue]:
    """Yield the languages in which the text `name` of `row` is still the sample; `where` as in `find_untranslated`."""
    sentence = _("%(text)s: the %(language)s text is still the sample. Replace it with your own.")
    for code in find_sample_languages(getattr(row, name), part, name):
        yield make_language_issue(row, name, code, sentence, where)


def make_language_issue(row, name: str, code: str, sentence: str, where: str, of: str = "") -> Issue:
    languages = dict(settings.LANGUAGES)
    label = str(row._meta.get_field(name).verbose_name)
    values = {"text": capfirst(f"{of}: {label}" if of else label), "language": languages[code]}
    return Issue(sentence % values, f"{where}{name}_{list(languages).index(code)}")


def find_text_issues(event: Event, topics: list, partners: list, sectors: list) -> Iterator[Issue]:
    """Yield required texts that are empty, and texts that are missing in some languages or are still samples."""
    for name in ("summary", "description", "privacy_notice"):
        if not getattr(event, name):
            label = capfirst(event._meta.get_field(name).verbose_name)
            yield Issue(_("%(text)s: still empty.") % {"text": label}, event_change_url(event, f"#id_{name}_0"))
    for name in EVENT_TEXTS:
        yield from find_untranslated(event, [name], settings_url(event, find_topic(name)) + "#id_")
    yield from find_samples(event, "event", "privacy_notice", settings_url(event, "privacy") + "#id_")
    yield from find_untranslated(event.venue, VENUE_TEXTS, venue_change_url(event, "#id_"), str(event.venue))
    for name, rows, texts in (
        ("topics", topics, ["title", "description"]),
        ("sectors", sectors, ["label"]),
        ("partners", partners, ["name", "funding_statement"]),
    ):
        for number, row in enumerate(rows):
            yield from find_untranslated(row, texts, event_change_url(event, f"#id_{name}-{number}-"), str(row))


def find_partner_issues(event: Event, partners: list[Partner]) -> Iterator[Issue]:
    if not any(partner.role == Partner.Role.ORGANISER for partner in partners):
        yield Issue(_("No organiser is listed."), event_change_url(event, "#partners-group"))
    for number, partner in enumerate(partners):
        if partner.role == Partner.Role.SUPPORTER and not partner.funding_statement:
            text = _("%(name)s supports the event, but the funding statement is missing.") % {"name": partner}
            yield Issue(text, event_change_url(event, f"#id_partners-{number}-funding_statement_0"))
    if is_example_address(event.contact_email):
        text = _("The contact address is still the sample address: %(address)s.") % {"address": event.contact_email}
        yield Issue(text, event_change_url(event, "#id_contact_email"))


def is_example_address(email: str) -> bool:
    """Whether the address is on a domain reserved for examples."""
    return f".{email.rpartition('@')[2].lower()}".endswith(tuple(f".{host}" for host in EXAMPLE_HOSTS))


def find_time_issues(event: Event) -> list[Issue]:
    opens_at, closes_at = event.registration_opens_at, event.registration_closes_at
    has_closed = closes_at and closes_at <= timezone.now()
    closes_late = closes_at and closes_at > event.starts_at
    opens_late = opens_at and opens_at >= (closes_at or event.starts_at)
    checks = [
        (event.has_started, "starts_at", _("The start of the event has already passed.")),
        (has_closed, "registration_closes_at", _("The closing time of registration has already passed.")),
        (closes_late, "registration_closes_at", _("Registration closes after the event starts.")),
        (opens_late, "registration_opens_at", _("Registration opens after it closes.")),
    ]
    return [Issue(text, event_change_url(event, f"#id_{name}_0")) for is_wrong, name, text in checks if is_wrong]


def find_statement_issues() -> Iterator[Issue]:
    """Yield what is missing in the site's accessibility statement. One query."""
    statement = AccessibilityStatement.objects.first()
    if statement is None:
        where = reverse("admin:conference_accessibilitystatement_add")
        yield Issue(_("There is no accessibility statement; the law requires one."), where)
        return
    here = reverse("admin:conference_accessibilitystatement_change", args=[statement.pk]) + "#id_"
    if timezone.localdate() - statement.reviewed_on > STATEMENT_REVIEW_INTERVAL:
        yield Issue(_("The accessibility statement was last reviewed more than a year ago."), f"{here}reviewed_on")
    if is_example_address(statement.feedback_email):
        text = _("The feedback address in the accessibility statement is still the sample address: %(address)s.")
        yield Issue(text % {"address": statement.feedback_email}, f"{here}feedback_email")
    yield from find_untranslated(statement, ["owner", "not_accessible", "enforcement"], here, str(statement))
    yield from find_samples(statement, "accessibility_statement", "not_accessible", here)

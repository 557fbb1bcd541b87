"""What somebody entered who registered a person again: what of it may be told to the owner of the registration."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_lazy as _

from conference.models import Event, Topic
from conference.text.languages import TranslatedText
from registrations.mail.person_names import is_name
from registrations.models import Registration

LABELS = {
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "organisation": _("Organisation"),
    "job_title": _("Job title"),
    "country": _("Country"),
    "sector": _("Sector"),
    "topics": _("Topics of interest"),
    "answers": _("Answers"),
}


def find_differences(known: Registration, again: Registration, topics: Iterable[Topic]) -> dict[str, str]:
    """Return what was entered `again` and differs from the registration, as text by the names of LABELS.

    Anybody can enter a stranger's address and send them a text this way. So only names that look like names are told,
    and what was chosen from a list; of all else only that it differs.
    """
    event, texts = again.event, ["first_name", "last_name", "organisation", "job_title", "country", "sector"]
    entered = {name: str(getattr(again, name)) for name in texts if event.is_asked(name)}
    different = {name: text for name, text in entered.items() if text != str(getattr(known, name))}
    if event.is_asked("topics") and set(topics) != set(known.topics.all()):
        different["topics"] = ""
    if any(known.answers.get(key) != answer for key, answer in again.answers.items()):
        different["answers"] = ""
    return {name: text if can_be_told(name, text) else "" for name, text in different.items()}


def can_be_told(name: str, text: str) -> bool:
    return name in ("country", "sector") or (name in ("first_name", "last_name") and is_name(text))


def list_differences(entered: Mapping[str, str], event: Event) -> list[tuple[TranslatedText, TranslatedText]]:
    """Return labels and texts of what `find_differences` found; no text for what cannot be told."""
    chosen = Registration(event=event, country=entered.get("country", ""), sector=entered.get("sector", ""))
    shown = {**entered, "country": chosen.country.name, "sector": chosen.sector_label}
    return [(label, shown[name] or "") for name, label in LABELS.items() if name in entered]

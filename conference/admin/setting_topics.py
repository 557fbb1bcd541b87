"""The settings of an event by topic: each has a page of its own, so that none is long."""

import re
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conference.models import Event


class SettingTopic(NamedTuple):
    """What its page has: fields of the event, and rows of others by the name that they have at the event."""

    label: Promise
    fields: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    description: Promise | str = ""


TOPICS = {
    "texts": SettingTopic(
        _("Texts"),
        (
            *("title", "kind", "summary", "description", "working_language", "fee"),
            *("picture", "picture_description"),
        ),
    ),
    "topics": SettingTopic(_("Topics"), rows=("topics",)),
    "when": SettingTopic(_("When and where"), ("starts_at", "ends_at", "time_zone", "venue", "slug", "led_from")),
    "registration": SettingTopic(
        _("Registration and places"),
        (
            *("registration_opens_at", "registration_closes_at", "changes_until"),
            *("places_now", "capacity", "waiting_list_enabled", "promotes_automatically", "one_per_address"),
            *("confirm_email", "hold_hours"),
        ),
    ),
    "form": SettingTopic(
        _("What the form asks"),
        tuple(f"asks_{name}" for name in Event.ASKED_FIELDS),
        ("sectors",),
        _(
            "Name and e-mail address are always asked, and the event's questions come after these fields. "
            "Answers to what is no longer asked stay, and only organisers see them."
        ),
    ),
    "emails": SettingTopic(
        _("Contact, reminder, paragraphs"),
        ("contact_email", "confirmation_note", "reminder_days"),
        ("paragraphs",),
    ),
    "partners": SettingTopic(_("Partners"), rows=("partners",)),
    "sharing": SettingTopic(pgettext_lazy("settings", "Sharing"), ("embed_sites",)),
    "privacy": SettingTopic(_("Privacy"), ("privacy_notice", "needs_kept_days")),
}
FIRST_TOPIC = next(iter(TOPICS))
# In the id of an element: the name of a field with the number of its input, or that of the rows.
NAME = re.compile(r"#?(?:id_)?([a-z_]+?)(?:_\d+|-.*)?")


def find_topic(anchor: str) -> str:
    """Return the topic on whose page the element is; the first for elements that are on none."""
    match = NAME.fullmatch(anchor)
    name = match and match[1]
    return next((key for key, topic in TOPICS.items() if name in (*topic.fields, *topic.rows)), FIRST_TOPIC)

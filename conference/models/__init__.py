"""What people read: a conference, where it is, what it is about and who stands behind it."""

from conference.models.event import Event, EventQuerySet
from conference.models.limited_access import LimitedAccess
from conference.models.partner import Partner
from conference.models.topic import Topic
from conference.models.validators import (
    RESERVED_SLUGS,
    validate_slug_is_free,
    validate_static_file,
    validate_time_zone,
    validate_year,
)
from conference.models.venue import Venue
from conference.models.visibility import VisibleQuerySet, limited_access

__all__ = [
    "RESERVED_SLUGS",
    "Event",
    "EventQuerySet",
    "LimitedAccess",
    "Partner",
    "Topic",
    "Venue",
    "VisibleQuerySet",
    "limited_access",
    "validate_slug_is_free",
    "validate_static_file",
    "validate_time_zone",
    "validate_year",
]

"""A conference with its venue, topics and partners; pictures; the accessibility statement; event restrictions."""

from conference.models.accessibility_statement import AccessibilityStatement
from conference.models.event import Event, EventQuerySet
from conference.models.limited_access import LimitedAccess
from conference.models.partner import Partner
from conference.models.picture import Picture
from conference.models.topic import Topic
from conference.models.validators import (
    RESERVED_SLUGS,
    is_pk,
    validate_site,
    validate_slug_is_free,
    validate_static_file,
    validate_time_zone,
    validate_year,
)
from conference.models.venue import Venue
from conference.models.visibility import VisibleQuerySet, get_limited_access

__all__ = [
    "RESERVED_SLUGS",
    "AccessibilityStatement",
    "Event",
    "EventQuerySet",
    "LimitedAccess",
    "Partner",
    "Picture",
    "Topic",
    "Venue",
    "VisibleQuerySet",
    "get_limited_access",
    "is_pk",
    "validate_site",
    "validate_slug_is_free",
    "validate_static_file",
    "validate_time_zone",
    "validate_year",
]

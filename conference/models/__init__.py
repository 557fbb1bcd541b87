"""An event with its venue, topics, partners and sectors; pictures; the accessibility statement; event restrictions."""

from conference.models.accessibility_statement import AccessibilityStatement
from conference.models.asked_fields import Asked, AskedFields
from conference.models.earlier_address import EarlierAddress
from conference.models.event import Event
from conference.models.event_kind import EventKind
from conference.models.limited_access import LimitedAccess, VisibleQuerySet, get_limited_access
from conference.models.picture import Picture
from conference.models.sector import DEFAULT_SECTORS, Sector
from conference.models.topics_and_partners import Partner, Topic
from conference.models.validators import (
    is_pk,
    validate_slug_is_free,
    validate_static_file,
    validate_time_zone,
    validate_year,
)
from conference.models.venue import Venue

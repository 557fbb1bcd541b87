"""Sitemap of registration forms."""

from conference.models import Event
from conference.sitemaps import EventSitemap


class RegistrationFormSitemap(EventSitemap):
    """The forms of events whose dates allow registrations now."""

    names = ["registrations:register"]

    def events(self) -> list[Event]:
        times = ("starts_at", "registration_opens_at", "registration_closes_at")
        events = super().events().taking_place().only("slug", "updated_at", *times)
        return [event for event in events if event.has_registration_opened and not event.has_registration_closed]

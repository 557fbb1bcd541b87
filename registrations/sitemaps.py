"""What search engines are shown of signing up."""

from conference.models import Event
from conference.sitemaps import BaseEventSitemap


class RegistrationFormSitemap(BaseEventSitemap):
    """The forms of events that people can sign up for now, as far as the dates say."""

    names = ["registrations:register"]

    def events(self) -> list[Event]:
        times = ("starts_at", "registration_opens_at", "registration_closes_at")
        events = super().events().only("slug", "updated_at", *times)
        return [event for event in events if event.has_registration_opened and not event.has_registration_closed]

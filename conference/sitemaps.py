"""The sitemap: every public page in each language."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from conference.models import AccessibilityStatement, Event


class TranslatedSitemap(Sitemap):
    """Pages in each language with the others as alternates. The domain comes from the settings, not the request."""

    i18n = alternates = True

    def get_protocol(self, protocol=None) -> str:
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None) -> str:
        return urlsplit(settings.SITE_URL).netloc


class SiteSitemap(TranslatedSitemap):
    """The home page counts as the current event's page, so it is listed only while there is no event."""

    def items(self) -> list[str]:
        home = [] if Event.objects.published().exists() else ["conference:home"]
        return home + (["conference:accessibility"] if AccessibilityStatement.objects.exists() else [])

    def location(self, item: str) -> str:
        return reverse(item)


class EventSitemap(TranslatedSitemap):
    """Pages of each published event: one for each URL name in `names`."""

    names = ["conference:event", "conference:privacy"]

    def events(self):
        return Event.objects.published().order_by("-starts_at", "pk").only("slug", "updated_at")

    def items(self) -> list[tuple[str, Event]]:
        return [(name, event) for event in self.events() for name in self.names]

    def location(self, item: tuple[str, Event]) -> str:
        name, event = item
        return reverse(name, args=[event.slug])

    def lastmod(self, item: tuple[str, Event]):
        return item[1].updated_at

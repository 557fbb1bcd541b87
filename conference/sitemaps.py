"""What search engines are shown of the site: every page that is for everybody, in each language."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from conference.models import AccessibilityStatement, Event


class TranslatedSitemap(Sitemap):
    """Pages in each language with the others as alternates, at the site's own address whoever asks."""

    i18n = True
    alternates = True

    def get_protocol(self, protocol=None) -> str:
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None) -> str:
        return urlsplit(settings.SITE_URL).netloc


class SiteSitemap(TranslatedSitemap):
    """The first page shows the current event, under whose own address it is known; by itself while there is none."""

    def items(self) -> list[str]:
        home = [] if Event.objects.published().exists() else ["conference:home"]
        return home + (["conference:accessibility"] if AccessibilityStatement.objects.exists() else [])

    def location(self, item: str) -> str:
        return reverse(item)


class BaseEventSitemap(TranslatedSitemap):
    """A page of each published event under each of the `names` of addresses."""

    names: list[str] = []

    def events(self):
        return Event.objects.published().order_by("-starts_at", "pk").only("slug", "updated_at")

    def items(self) -> list[tuple[str, Event]]:
        return [(name, event) for event in self.events() for name in self.names]

    def location(self, item: tuple[str, Event]) -> str:
        name, event = item
        return reverse(name, args=[event.slug])

    def lastmod(self, item: tuple[str, Event]):
        return item[1].updated_at


class EventSitemap(BaseEventSitemap):
    names = ["conference:event", "conference:privacy"]

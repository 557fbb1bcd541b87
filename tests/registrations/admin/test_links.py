"""Every link of every page of the admin leads somewhere."""

from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

import pytest
from django.conf import settings
from django.contrib.auth.models import User

from conference.models import Event
from tests.factories import make_statement
from tests.registrations.admin import crawl
from tests.registrations.admin.full_event import OURS, make_full_event

pytestmark = pytest.mark.django_db

# Of the made-up person in the previews of e-mails, whose personal links open nothing, as the page says.
PREVIEWED_REFERENCE = "K7M2PXQ4"


class Page(HTMLParser):
    """The links of a page, and what they can lead to within it."""

    def __init__(self, html: str):
        super().__init__()
        self.links: set[str] = set()
        self.ids: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "a" and "href" in attributes:
            self.links.add(attributes["href"])
        if "id" in attributes:
            self.ids.add(attributes["id"])


class Reader:
    """Follows addresses of the site, each once."""

    def __init__(self, client):
        self.client = client
        self.pages: dict[str, Page | None] = {}

    def read(self, url: str) -> Page | None:
        """The page at `url`, wherever that leads; empty for another kind of file; None when there is nothing."""
        if url not in self.pages:
            response = self.client.get(url, follow=True)
            is_page = response.get("Content-Type", "").startswith("text/html")
            content = crawl.read_response(response) if is_page else ""
            self.pages[url] = Page(content) if response.status_code < 400 else None
        return self.pages[url]

    def find_dead_links(self, url: str) -> list[str]:
        page = self.read(url)
        links = page.links if page else set()
        if url.endswith("/emails/"):
            links = {link for link in links if f"/{PREVIEWED_REFERENCE}." not in link}
        return sorted(link for link in links if not self.has_target(url, link))

    def has_target(self, url: str, link: str) -> bool:
        target, fragment = urldefrag(urljoin(url, link.removeprefix(settings.SITE_URL) or "/"))
        if not target.startswith("/"):
            return True  # of another site, or an e-mail address
        page = self.read(target)
        return page is not None and (not fragment or fragment in page.ids)


@pytest.fixture
def reader(client):
    user = User.objects.create_superuser("superuser")
    client.force_login(user)
    make_statement()
    make_full_event(OURS, user)
    Event.objects.update(is_published=True)
    return Reader(client)


@pytest.mark.proof
@pytest.mark.slow
def test_every_link_of_every_page_has_a_target(reader):
    urls = [url for route in crawl.collect_admin_routes() for url in crawl.fill_route(route, OURS)]
    assert len(urls) > 50
    assert {url: dead for url in urls if (dead := reader.find_dead_links(url))} == {}


@pytest.mark.parametrize("link", ["#nothing", "/admin/nothing/", "/admin/conference/event/#nothing"])
def test_a_link_without_a_target_is_found(link, reader):
    assert not reader.has_target("/admin/", link)

"""Partners' pages, on a site of their own: the form in a frame, and the button."""

import re
import threading
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.urls import reverse

from conference.models import Event
from registrations.admin.events.event_views import make_snippets
from registrations.models import Registration
from tests.browser.log_in import log_in
from tests.browser.test_sign_up import scrolls_sideways
from tests.factories import make_user
from tests.quick import first
from tests.waiting import TIMEOUT, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def event(live_server, settings):
    settings.SITE_URL = live_server.url
    call_command("load_conference", verbosity=0)
    return Event.objects.get()


class Partner(BaseHTTPRequestHandler):
    """Answers every request with one page."""

    def __init__(self, pasted: list[str], *arguments):
        self.pasted = pasted
        super().__init__(*arguments)

    def do_GET(self):
        around = '<p style="height: 900px">Par mums</p>'
        page = f'<!doctype html><html lang="lv"><title>Partneris</title>{around}{"".join(self.pasted)}{around}'
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, *arguments):
        pass


@contextmanager
def partner_site(*pasted: str):
    """The origin of another site than the conference's, at whose every address a page shows what was pasted into it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Partner, pasted))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def let_frame(event, *sites: str) -> None:
    """Let these sites show the form; written past what organisers may type, for a test's site has no HTTPS."""
    Event.objects.filter(pk=event.pk).update(embed_sites=sites)
    cache.clear()


def snippets(event) -> dict:
    return make_snippets(event, "lv", event.questions.asked_of_everyone().count())


@pytest.fixture
def visit(browser):
    """Opens a partner's page; gives the page, and what its browser complains about."""
    contexts = []

    def visit(site: str, *, width: int = 360, **options):
        context = browser.new_context(viewport={"width": width, "height": 740}, locale="lv-LV", **options)
        context.set_default_timeout(TIMEOUT * 1000)
        contexts.append(context)
        page, complaints = context.new_page(), []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(site)
        return page, complaints

    yield visit
    for context in contexts:
        context.close()


def scroll_to_the_form(page):
    """The frame, once it is in view: before, it is not even loaded."""
    page.locator("iframe").scroll_into_view_if_needed()
    frame = page.frame_locator("iframe")
    frame.get_by_role("heading", level=1).wait_for()
    return frame


def get_field(frame, label: str):
    return frame.get_by_role("textbox", name=re.compile(f"^{label}( \\(obligāti\\))?$"))


def fill_in(frame, email="anna@example.lv") -> None:
    for label, value in {"Vārds": "Anna", "Uzvārds": "Bērziņa", "E-pasts": email}.items():
        get_field(frame, label).fill(value)
    frame.get_by_role("checkbox", name=re.compile("^Piekrītu")).check()


def send(frame) -> None:
    """By the keyboard, which hits the button also while the pages around it still scroll."""
    frame.get_by_role("button", name="Reģistrēties").press("Enter")


def wait_until_in_view(page, locator) -> None:
    """Wait until the whole of it can be seen, without anybody scrolling."""

    def is_in_view() -> bool:
        box = locator.bounding_box()
        return box["y"] >= 0 and box["y"] + box["height"] <= page.viewport_size["height"]

    wait_for(is_in_view)


def wait_for_complaint(page, complaints: list[str], words: str) -> None:
    """Wait until the browser complains about this; it tells only while it is asked for something."""
    wait_for(lambda: page.title() and any(words in complaint for complaint in complaints))


@pytest.mark.parametrize("width", first([360, 1000]))
@pytest.mark.parametrize("javascript", [True, False])
def test_a_visitor_of_a_partners_page_signs_up_in_the_frame(event, visit, javascript, width):
    with partner_site(snippets(event)["frame"]) as site:
        let_frame(event, "https://www.example.org", site)
        page, complaints = visit(site, java_script_enabled=javascript, width=width)
        frame = scroll_to_the_form(page)
        send(frame)
        errors = frame.get_by_role("alert")
        errors.wait_for()
        if javascript:
            wait_until_in_view(page, errors)
        assert not Registration.objects.exists()

        fill_in(frame)
        send(frame)
        thanks = frame.get_by_role("heading", name="Paldies")
        thanks.wait_for()
        assert "anna@example.lv" in frame.get_by_role("status").inner_text()
        wait_until_in_view(page, thanks)
        assert frame.locator(":focus").inner_text() == "Paldies – reģistrācija saņemta"
        assert page.url == f"{site}/"
        assert page.context.cookies() == []
        assert complaints == []
    registration = Registration.objects.get()
    assert (registration.full_name, registration.status, registration.language) == ("Anna Bērziņa", "confirmed", "lv")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_colleague_is_registered_in_the_frame_with_the_same_address(event, visit, javascript):
    with partner_site(snippets(event)["frame"]) as site:
        let_frame(event, site)
        page, complaints = visit(site, java_script_enabled=javascript)
        frame = scroll_to_the_form(page)
        fill_in(frame)
        send(frame)
        frame.get_by_role("button", name="Reģistrēt kolēģi").press("Enter")
        note = frame.get_by_text("Jūs reģistrējat citu personu.")
        note.wait_for()
        if javascript:
            wait_until_in_view(page, note)
        assert get_field(frame, "E-pasts").input_value() == "anna@example.lv"
        assert get_field(frame, "Vārds").input_value() == ""
        get_field(frame, "Vārds").fill("Ilze")
        get_field(frame, "Uzvārds").fill("Otrā")
        frame.get_by_role("checkbox", name=re.compile("^Šī persona piekrīt")).check()
        send(frame)
        frame.get_by_role("heading", name="Paldies").wait_for()
        assert page.context.cookies() == []
        assert complaints == []
    people = Registration.objects.order_by("pk")
    assert [(one.full_name, one.email, one.status) for one in people] == [
        ("Anna Bērziņa", "anna@example.lv", "confirmed"),
        ("Ilze Otrā", "anna@example.lv", "confirmed"),
    ]


def test_sending_the_answered_form_again_takes_no_second_place(event, visit):
    with partner_site(snippets(event)["frame"]) as site:
        let_frame(event, site)
        page, complaints = visit(site)
        for _time in range(2):
            frame = scroll_to_the_form(page)
            fill_in(frame)
            send(frame)
            frame.get_by_role("heading", name="Paldies").wait_for()
            frame.get_by_role("link", name="reģistrējieties vēlreiz").click()
            frame.get_by_role("button", name="Reģistrēties").wait_for()
        assert complaints == []
    assert Registration.objects.count() == 1


@pytest.mark.parametrize("listed", [[], ["https://www.example.org"], ["http://localhost:9"]])
def test_from_a_site_that_is_not_listed_the_browser_shows_no_form(event, visit, listed):
    with partner_site(snippets(event)["frame"]) as site:
        let_frame(event, *listed)
        page, complaints = visit(site)
        page.locator("iframe").scroll_into_view_if_needed()
        wait_for_complaint(page, complaints, "frame-ancestors")
        assert page.frame_locator("iframe").get_by_role("button", name="Reģistrēties").count() == 0


def test_a_listed_site_can_frame_nothing_else(event, visit):
    other = snippets(event)["frame"].replace("/embed/", "/register/")
    with partner_site(other) as site:
        let_frame(event, site)
        page, complaints = visit(site)
        page.locator("iframe").scroll_into_view_if_needed()
        wait_for_complaint(page, complaints, "frame-ancestors 'none'")
        assert page.frame_locator("iframe").get_by_role("button", name="Reģistrēties").count() == 0


def test_a_form_on_a_partners_own_page_signs_nobody_up(event, visit):
    fields = "".join(
        f'<input name="{name}" value="{value}">'
        for name, value in {"first_name": "A", "last_name": "B", "email": "a@example.lv", "consent": "on"}.items()
    )
    address = re.search(r'src="([^"]+)"', snippets(event)["frame"])[1]
    with partner_site(f'<form method="post" action="{address}">{fields}<button>Send</button></form>') as site:
        let_frame(event, site)
        page, _complaints = visit(site)
        page.get_by_role("button", name="Send").click()
        page.get_by_role("heading", name="Veidlapa netika nosūtīta").wait_for()
    assert not Registration.objects.exists()


def test_the_links_in_the_frame_open_the_site_in_a_tab_of_its_own(event, visit):
    with partner_site(snippets(event)["frame"]) as site:
        let_frame(event, site)
        page, _complaints = visit(site)
        frame = scroll_to_the_form(page)
        with page.expect_popup() as opened:
            frame.get_by_role("link").first.click()
        assert opened.value.url.endswith(f"/lv/{event.slug}/")
        assert opened.value.evaluate("window.opener") is None


@pytest.mark.parametrize("width", [320, 360, 1440])
def test_the_form_fits_its_frame_and_never_scrolls_sideways(event, visit, width):
    with partner_site(snippets(event)["frame"]) as site:
        let_frame(event, site)
        page, _complaints = visit(site, width=width)
        scroll_to_the_form(page)
        (frame,) = page.frames[1:]
        frame.wait_for_load_state()
        assert not scrolls_sideways(frame)
        assert not scrolls_sideways(page)
        assert frame.evaluate("document.documentElement.scrollHeight <= window.innerHeight")


def test_the_button_leads_to_the_form_and_can_be_hit(event, visit):
    with partner_site(snippets(event)["button"]) as site:
        page, complaints = visit(site)
        button = page.get_by_role("link", name="Reģistrēties")
        assert button.bounding_box()["height"] >= 44
        button.click()
        page.wait_for_url(f"**/lv/{event.slug}/register/")
        assert complaints == []


def test_an_organiser_lists_a_site_and_copies_what_to_paste(open_page, event):
    organiser = make_user(is_superuser=True)
    page = open_page(reverse("admin:conference_event_settings", args=[event.pk, "sharing"]), width=1440)
    log_in(page, organiser)
    page.locator("#id_embed_sites").fill("https://LNB.lv/\n")
    page.locator("input[name=_save]").click()
    page.wait_for_selector(".messagelist")
    assert page.locator("#id_embed_sites").input_value() == "https://lnb.lv"
    page.locator("#nav-sidebar a[href$='/share/']").click()
    event.refresh_from_db()
    assert page.locator("#frame-lv").input_value() == snippets(event)["frame"]
    preview = page.locator(".share-button").first
    assert preview.evaluate("button => getComputedStyle(button).backgroundColor") == "rgb(31, 58, 95)"

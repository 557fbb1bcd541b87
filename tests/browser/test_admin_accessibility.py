"""What axe finds against the admin's pages and how far the Tab key gets on them, in a real browser."""

import re

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from registrations.mail import outbox
from registrations.models import ImportDraft, Question, choose_event
from tests.browser.axe import violations
from tests.browser.combinations import LANGUAGES, visits
from tests.factories import make_choice, make_event, make_question, make_user
from tests.registrations.admin import crawl
from tests.registrations.admin.full_event import HOST, OURS, make_full_event

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER = OURS.number
EVENT = f"?event={NUMBER}"
REGISTRATIONS, QUESTIONS = "/admin/registrations/registration/", "/admin/registrations/question/"
EMAILS = "/admin/registrations/outgoingemail/"
EXPORT, WRITE = f"{REGISTRATIONS}export/{EVENT}", f"/admin/registrations/mailing/add/{EVENT}"

# Addresses without a page.
LEFT_OUT = re.compile(r"autocomplete/|jsi18n/|r/|<url>")
MORE = [
    f"{REGISTRATIONS}{EVENT}",
    f"{REGISTRATIONS}?q=nobody",
    f"{REGISTRATIONS}add/{EVENT}",
    f"{REGISTRATIONS}doubles/{EVENT}",
    f"{REGISTRATIONS}import/{EVENT}",
    f"{REGISTRATIONS}print/{EVENT}",
    f"{QUESTIONS}{EVENT}",
    f"{QUESTIONS}{EVENT}&asked=removed",
    f"{QUESTIONS}add/{EVENT}",
    f"{QUESTIONS}{NUMBER + 1}/change/",
    f"{QUESTIONS}{NUMBER + 5}/change/",
    f"{QUESTIONS}{NUMBER + 5}/erase/",
    EXPORT,
    WRITE,
]
# What Django makes and this project only shows, whose addresses are among those that are found by themselves.
STOCK = [
    "/admin/auth/",
    *(f"/admin/auth/{kind}/{page}" for kind in ("user", "group") for page in ("", "add/", f"{NUMBER}/change/")),
    *(f"/admin/auth/{kind}/{NUMBER}/{page}/" for kind in ("user", "group") for page in ("history", "delete")),
    f"/admin/auth/user/{NUMBER}/password/",
    f"/admin/conference/event/{NUMBER}/history/",
]


@pytest.fixture
def user():
    """A superuser, for whom there is one event with everything on its pages, and another one to choose."""
    user = make_user(is_superuser=True)
    event = make_full_event(OURS, user)
    choice = make_choice(Question.objects.get(pk=NUMBER + 1), "second", removed_at=timezone.now())
    make_question(event, "before", pk=NUMBER + 5, removed_at=timezone.now())
    event.registrations.update(answers={"choice": choice.key, "before": "Yes"})
    make_event()
    Group.objects.create(pk=NUMBER, name="Group")
    return user


@pytest.fixture
def wrong_list(user):
    """The address of the preview of a list of which two lines are wrong."""
    content = f"E-mail;First name;Last name\nwrong;Anna;Ozola\nright@{HOST};Ilze;Kalna\nright@{HOST};;Liepa\n".encode()
    columns = {"E-mail": "email", "First name": "first_name", "Last name": "last_name"}
    draft = ImportDraft.objects.create(event_id=NUMBER, created_by=user, columns=columns, content=content)
    return f"{REGISTRATIONS}import/{draft.pk}/"


@pytest.fixture
def log_in(user):
    """Gives the options of a browser in which `user` has logged in and chosen the language."""

    def log_in(language: str) -> dict:
        client = Client()
        client.force_login(user)
        session = settings.SESSION_COOKIE_NAME
        cookies = {session: client.cookies[session].value, settings.LANGUAGE_COOKIE_NAME: language}
        rest = {"domain": "localhost", "path": "/", "expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
        return {"cookies": tuple({"name": name, "value": value, **rest} for name, value in cookies.items())}

    return log_in


def pages(user, *more: str) -> list[str]:
    """The addresses of all pages that `user` gets: not where only buttons lead, and what leads elsewhere."""
    client = Client()
    client.force_login(user)
    addresses = [
        path
        for route in crawl.collect_admin_routes()
        if not LEFT_OUT.match(route)
        for path in crawl.fill_route(route, OURS)
    ]
    found = []
    for address in [*addresses, *MORE, *more]:
        choose_event(user, None)  # an overview has chosen its event, and lists would lead to its rows
        found += [address] if client.get(address).status_code == 200 else []
    return found


@pytest.fixture
def pages_to_visit(request):
    """Gives those of some pages that are to be visited in this language, each with the looks to be judged in."""

    def pages_to_visit(pages, language: str) -> list[tuple]:
        rows = visits(pages, matrix=request.config.getoption("matrix"))
        return [(row.page, row.looks) for row in rows if row.language == language]

    return pages_to_visit


@pytest.mark.proof
@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_on_any_page(open_page, user, log_in, wrong_list, pages_to_visit, language):
    addresses = pages(user, wrong_list)
    assert {*MORE, *STOCK, wrong_list} < set(addresses)
    page = open_page("/admin/", **log_in(language))
    assert page.locator("html").get_attribute("lang") == language
    found = []
    for address, looks in pages_to_visit(addresses, language):
        page.goto(address)
        found += violations(page, looks=looks)
    assert found == []


def choose_action(page, action: str):
    """Press the action's button, which may be below “More”."""
    page.locator(".actions details").evaluate_all("folds => folds.forEach(fold => { fold.open = true })")
    page.locator(f"button[name=action][value={action}]").click()


def ask(page, action: str):
    """Choose everybody in the list and this action, as far as the page that asks."""
    page.goto(f"{REGISTRATIONS}{EVENT}")
    page.locator("#action-toggle").check()
    choose_action(page, action)
    page.wait_for_selector("input[name=asked]", state="attached")


def press(page, address: str, button: str, **typed):
    """Press the button of the form at this address with what is `typed`, and wait for its answer."""
    page.goto(address)
    for name, text in typed.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator(button).first.click()
    page.wait_for_selector(".errornote, .email-preview")


def unfold(page, address: str):
    """Open everything there that can be opened."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.querySelectorAll('main details').forEach(details => { details.open = true })")


def refuse_an_export(page):
    page.goto(EXPORT)
    for box in page.locator("input[name=columns]").all():
        box.uncheck()
    page.locator("input[name=export]").click()
    page.wait_for_selector(".errornote")


def delete_chosen_users(page):
    page.goto("/admin/auth/user/")
    page.locator("#action-toggle").check()
    choose_action(page, "delete_selected")
    page.wait_for_selector("body.delete-selected-confirmation")


def log_out(page):
    page.goto("/admin/")
    page.locator("#logout-form button").click()
    page.wait_for_url("**/logout/")


STATES = [
    lambda page: ask(page, "promote_beyond_capacity"),
    lambda page: ask(page, "add_tag"),
    lambda page: unfold(page, f"/admin/conference/event/{NUMBER}/overview/"),
    lambda page: unfold(page, f"{REGISTRATIONS}{NUMBER}/change/"),
    lambda page: unfold(page, f"/admin/conference/event/{NUMBER}/emails/"),
    lambda page: press(page, WRITE, "input[name=preview]", subject_1="Hello", text_1="Hello {first_name}"),
    lambda page: press(page, WRITE, "input[name=preview]"),
    lambda page: press(page, f"{REGISTRATIONS}add/{EVENT}", ".submit-row input"),
    lambda page: press(page, f"{REGISTRATIONS}import/{EVENT}", ".submit-row input"),
    lambda page: press(page, f"{QUESTIONS}add/{EVENT}", "input[name=_save]"),
    lambda page: press(
        page, f"/admin/conference/event/{NUMBER}/settings/when/", "input[name=_save]", slug="", starts_at_0="x"
    ),
    refuse_an_export,
    lambda page: press(page, f"/admin/auth/user/{NUMBER}/change/", "input[name=_save]", username=""),
    lambda page: press(page, f"/admin/auth/user/{NUMBER}/password/", ".submit-row input"),
    lambda page: press(page, "/admin/auth/group/add/", "input[name=_save]"),
    delete_chosen_users,
    log_out,  # from here on nobody is logged in
]


@pytest.mark.proof
@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_on_what_buttons_show(open_page, log_in, pages_to_visit, language):
    page = open_page("/admin/", width=1440, **log_in(language))
    found = []
    for show, looks in pages_to_visit(STATES, language):
        show(page)
        found += violations(page, looks=looks)
    assert found == []


# What the Tab key is to reach, in this order: of a group of radio buttons one.
STOPS = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
    .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.disabled && one.tabIndex >= 0)
    .filter(one => !one.closest("[inert]"))
    .filter((one, _, all) => one.type !== "radio" || one.checked
        || !all.some(other => other.type === "radio" && other.name === one.name && other.checked))
    .map((one, place) => one.dataset.stop = String(place))"""
FOCUSED = """() => {
    const one = document.activeElement, {outlineStyle, outlineWidth} = getComputedStyle(one)
    const stop = one === document.body ? "body" : one.dataset.stop || one.outerHTML
    return [stop, outlineStyle !== "none" && parseFloat(outlineWidth) >= 2]
}"""


@pytest.mark.parametrize(
    "show",
    [
        lambda page: page.goto(EXPORT),
        lambda page: page.goto(f"{QUESTIONS}add/{EVENT}"),
        lambda page: page.goto(f"{QUESTIONS}{EVENT}"),
        lambda page: page.goto(f"{REGISTRATIONS}{EVENT}"),
        lambda page: ask(page, "cancel"),
    ],
    ids=["export", "question", "questions", "list", "asking"],
)
def test_the_tab_key_reaches_everything_in_order_and_shows_where_it_is(open_page, log_in, show):
    page = open_page("/admin/", width=1440, **log_in("lv"))
    show(page)
    page.wait_for_load_state("networkidle")
    stops = page.evaluate(STOPS)
    assert len(stops) > 10
    page.locator("[data-stop='0']").focus()
    reached = []
    for _stop in stops[1:]:
        page.keyboard.press("Tab")
        reached.append(page.evaluate(FOCUSED))
    assert reached == [[stop, True] for stop in stops[1:]]
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)[0] in {"0", "body"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_where_e_mail_is_on_hold(open_page, user, log_in, language):
    outbox.hold_outbox()
    page = open_page(f"{EMAILS}health/", **log_in(language))
    assert page.locator("input[name='discard']").count() == 1
    assert violations(page) == []

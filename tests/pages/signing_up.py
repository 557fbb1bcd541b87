"""Signing up: the form, what becomes of it, and the way to a lost link."""

from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from conference.models import Event
from tests.pages.reading import EVENTS
from tests.pages.steps import by_organiser, doing, fill_in, opening, opening_form, submitted, typing
from tests.realistic import ask_everything, both, conference


def asking(**values) -> Event:
    event = conference(**values)
    ask_everything(event)
    return event


def requiring_everything() -> Event:
    settings = {f"asks_{name}": "required" for name in Event.ASKED_FIELDS}
    fee = both("40 eiro, studentiem 20", "40 euros, students 20")
    return conference(kind="summer_school", fee=fee, **settings)


def with_questions(open):
    page = opening_form(asking)(open)
    page.locator("[name=question_dietary_needs][value=other]").check()
    return page


def without_script(open):
    page = opening_form(asking)(open)
    page.route("**/*.js", lambda route: route.fulfill(content_type="text/javascript", body=""))
    page.reload()
    return page


def as_robots_do(page) -> None:
    page.locator("[name=website]").evaluate("field => field.value = 'https://example.com'")


def close(page) -> None:
    Event.objects.update(registration_closes_at=timezone.now())
    cache.clear()  # the event that the site knows is up to a second old


def find(open):
    conference()
    return open(reverse("registrations:find"))


def change_language(page) -> None:
    """Change to the other language, and back to the page's own."""
    for _time in range(2):
        with page.expect_navigation():
            page.locator(".languages a:not([aria-current])").click()


EMBEDDED = "registrations:embed"
WRONG = typing(email="annemarija@", question_guests="daži", question_arrival="0001-01-01")
ODD = typing(email="annemarija@gmial.com")
FORMS = ["open", "waiting_list", "not_yet_open", "closed", "full", "over"]
PAGES = {f"form_{state}": opening_form(EVENTS[state]) for state in FORMS} | {
    "form_with_questions": with_questions,
    "form_with_questions_without_script": without_script,
    "form_errors": submitted(opening_form(asking), WRONG),
    "form_requires_everything": submitted(opening_form(requiring_everything)),
    "form_doubts_the_address": submitted(opening_form(conference), fill_in, ODD),
    "form_in_another_language": doing(opening_form(asking), WRONG, change_language),
    "form_errors_in_another_language": doing(submitted(opening_form(asking), WRONG), change_language),
    "form_caught_a_robot": submitted(opening_form(conference), fill_in, as_robots_do),
    "form_too_late": submitted(opening_form(conference), fill_in, close),
    "form_preview": by_organiser(opening_form(lambda: asking(is_published=False))),
    "form_preview_tried": by_organiser(submitted(opening_form(lambda: conference(is_published=False)), fill_in)),
    "embedded": opening(EMBEDDED, asking),
    "embedded_errors": submitted(opening(EMBEDDED, asking), WRONG),
    "embedded_doubts_the_address": submitted(opening(EMBEDDED, conference), fill_in, ODD),
    "embedded_waiting_list": opening(EMBEDDED, EVENTS["waiting_list"]),
    "embedded_not_yet_open": opening(EMBEDDED, EVENTS["not_yet_open"]),
    "embedded_too_late": submitted(opening(EMBEDDED, conference), fill_in, close),
    "embedded_thanks": submitted(opening(EMBEDDED, conference), fill_in),
    "thanks_confirmed": submitted(opening_form(EVENTS["open"]), fill_in),
    "thanks_waiting": submitted(opening_form(EVENTS["waiting_list"]), fill_in),
    "thanks_organisers_choose": submitted(opening_form(EVENTS["organisers_choose"]), fill_in),
    "thanks_held": submitted(opening_form(lambda: conference(confirm_email=True)), fill_in),
    "thanks_one_per_address": submitted(opening_form(lambda: conference(one_per_address=True)), fill_in),
    "form_for_colleague": submitted(submitted(opening_form(EVENTS["open"]), fill_in)),
    "embedded_for_colleague": submitted(submitted(opening(EMBEDDED, conference), fill_in)),
    "find": find,
    "find_errors": submitted(find),
    "find_doubts_the_address": submitted(find, ODD),
    "find_in_another_language": doing(find, ODD, change_language),
    "find_sent": submitted(find, typing(email="annemarija@example.lv")),
}

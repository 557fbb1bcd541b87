"""The form as attendees see it, beside its questions, and with a question as it is being edited."""

import re
from collections import Counter

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conference.admin.publication_checks import settings_url
from registrations.models import Choice, Question
from registrations.permissions import HELPERS
from tests.factories import make_choice, make_event, make_question, make_user, restrict_to_events
from tests.registrations.admin.questions.test_question_admin import (
    ADD_URL,
    LIST_URL,
    make_choice_row,
    make_question_form,
    question_url,
    without_needs,
)
from tests.registrations.admin.requests import get_page

pytestmark = pytest.mark.django_db


def preview_addition(client, event, *choices, **values) -> str:
    url = f"{reverse('admin:registrations_question_add_preview')}?event={event.pk}"
    return client.post(url, make_question_form(*choices, **values)).json()["en"]


def preview_change(client, question, *choices, **values) -> str:
    data = make_question_form(*choices, **values)
    return client.post(question_url("preview", question.pk), data).json()["en"]


def read(html: str) -> list[str]:
    """Return the texts of the form, in their order."""
    return [text.strip() for text in re.findall(r">([^<]+)<", html) if text.strip()]


def read_from(html: str, first: str) -> list[str]:
    """Return the texts from `first` up to the consent."""
    texts = read(html)
    end = next(place for place, text in enumerate(texts) if text.startswith("I agree"))
    return texts[texts.index(first) : end]


@pytest.mark.parametrize("address", ["list", "question", "new question", "settings"])
def test_the_form_stands_beside_what_it_is_made_of_in_both_languages(organiser, address):
    event = make_event()
    question = make_question(event, "lunch", kind="one_of", label={"lv": "Pusdienas", "en": "Which lunch?"})
    make_choice(question, "soup", label={"lv": "Zupa", "en": "Soup"})
    addresses = {"list": f"{LIST_URL}?event={event.pk}", "question": question_url("change", question.pk)}
    addresses |= {"new question": f"{ADD_URL}?event={event.pk}", "settings": settings_url(event, "form")}
    page = organiser.get(addresses[address]).content.decode()
    english, latvian = re.findall(
        r'<div class="sign-up" lang="\w+" inert>.*?</div>\s*</section>\s*</details>', page, re.DOTALL
    )
    assert read_from(english, "Which lunch?") == ["Which lunch?", "No answer", "Soup"]
    assert "Zupa" in read(latvian)
    assert "Soup" not in read(latvian)
    assert f'<a href="/lv/{event.slug}/register/" hreflang="lv">' in page
    ids = Counter(re.findall(r'\sid="([^"]+)"', page))
    assert [name for name, number in ids.items() if number > 1] == []


def test_it_can_be_neither_sent_nor_mistaken_for_the_form_of_the_page(organiser):
    event = make_event()
    page = organiser.get(f"{ADD_URL}?event={event.pk}").content.decode()
    preview = page[page.index('<section class="form-preview"') :]
    assert page.index('name="first_name"') > page.rindex("</form>")
    assert "<form" not in preview
    assert 'name="issued"' not in preview
    assert 'name="website"' not in preview


def test_the_list_of_all_events_shows_no_form(organiser):
    make_question(make_event())
    make_event()
    assert 'class="form-preview"' not in get_page(organiser, LIST_URL)


def test_a_language_that_the_title_lacks_is_left_out(organiser):
    event = make_event(title={"en": "Conference"})
    page = organiser.get(f"{LIST_URL}?event={event.pk}").content.decode()
    assert re.findall(r'class="sign-up" lang="(\w+)"', page) == ["en"]


def test_a_question_is_shown_as_it_is_being_written_and_nothing_is_saved(organiser):
    event = make_event()
    make_question(event, "bus", kind="yes_no", label="Bus?", is_required=True)
    rows = ["Fish", {"label_1": "<b>Soup</b>", "limit": "20"}, {"label_1": ""}]
    values = {"label_1": "Which lunch?", "help_text_1": "At noon", "kind": "several_of", "is_required": "on"}
    with CaptureQueriesContext(
        connection,
    ) as queries:
        html = preview_addition(organiser, event, *rows, **values)
    expected = ["Which lunch? (required)", "Fish", "&lt;b&gt;Soup&lt;/b&gt;", "At noon"]
    assert [text for text in read_from(html, "Which lunch? (required)") if text != "*"] == expected
    assert re.findall(r'type="checkbox" class="form-check-input"\s+name="question_" value="(\w+)"', html) == [
        "new_0",
        "new_1",
    ]
    assert html.count('class="edited"') == 1
    written = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert [sql for sql in written if not sql.startswith('UPDATE "django_session"')] == []
    assert (Question.objects.count(), Choice.objects.count(), LogEntry.objects.count()) == (1, 0, 0)


def test_a_new_question_that_says_nothing_yet_is_not_on_the_form(organiser):
    event = make_event()
    assert "edited" not in preview_addition(organiser, event, label_0="", label_1="")


def test_an_edited_question_takes_the_place_of_the_saved_one(organiser):
    event = make_event()
    lunch = make_question(event, "lunch", kind="one_of", position=1)
    fish, soup, cake = (make_choice(lunch, key, position=place) for place, key in enumerate(["fish", "soup", "cake"]))
    make_choice(lunch, "meat", removed_at=timezone.now())
    make_question(event, "bones", label="Bones", shown_if=lunch, shown_if_answer="fish", position=2)
    rows = [
        make_choice_row(fish, label_1="Trout"),
        make_choice_row(soup, position=9),
        make_choice_row(cake, DELETE="on"),
    ]
    values = {"kind": "one_of", "label_1": "Which lunch?", "position": 3}
    html = preview_change(organiser, lunch, *rows, "Pancakes", **values)
    condition = "Only if you answered “Trout” to “Which lunch?”."
    assert read_from(html, "Bones") == ["Bones", condition, "Which lunch?", "No answer", "Trout", "soup", "Pancakes"]
    assert html.count("edited") == 1
    lunch.refresh_from_db()
    assert (str(lunch.label), lunch.position) == ("Lunch", 1)
    assert list(lunch.choices.filter(removed_at__isnull=True).values_list("label", flat=True)) == [
        "fish",
        "soup",
        "cake",
    ]


def test_what_is_invalid_while_somebody_types_stays_as_it_was(organiser):
    event = make_event()
    lunch = make_question(event, "lunch", kind="short_text")
    html = preview_change(organiser, lunch, label_0="", label_1="", help_text_1="At noon", position="x")
    assert read_from(html, "Lunch") == ["Lunch", "At noon"]
    assert organiser.post(question_url("preview", lunch.pk), {}).status_code == 200


def test_a_question_for_organisers_alone_is_not_on_the_form(organiser):
    event = make_event()
    html = preview_addition(organiser, event, label_1="Which lunch?", is_internal="on")
    assert "Which lunch?" not in html


def test_who_may_not_edit_the_question_gets_no_preview(organiser, client):
    event, other = make_event(), make_event()
    question, hidden = make_question(event), make_question(other)
    restrict_to_events(organiser.user, event)
    url, data = reverse("admin:registrations_question_add_preview"), make_question_form()
    assert organiser.post(question_url("preview", question.pk), data).status_code == 200
    assert organiser.post(question_url("preview", hidden.pk), data).status_code == 404
    assert organiser.post(f"{url}?event={other.pk}", data).status_code == 404
    assert organiser.get(question_url("preview", question.pk)).status_code == 405
    needs = make_question(event, "needs", is_about_needs=True)
    for user, asked, status in ((make_user(HELPERS), question, 403), (without_needs(), needs, 403)):
        client.force_login(user)
        assert client.post(question_url("preview", asked.pk), data).status_code == status
    client.force_login(make_user(HELPERS))
    assert client.post(f"{url}?event={event.pk}", data).status_code == 403

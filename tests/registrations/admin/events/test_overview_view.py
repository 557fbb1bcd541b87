"""The overview of an event, and the lists that its numbers lead to."""

import json
import re
from html import unescape

import pytest
from django.urls import reverse

from conference.admin.publication_checks import settings_url
from registrations.permissions import HELPERS
from tests.factories import (
    make_choice,
    make_event,
    make_question,
    make_registration,
    make_topic,
    make_user,
    restrict_to_events,
)
from tests.registrations.admin.requests import LIST_URL, get_first_page, get_page

pytestmark = pytest.mark.django_db

HOSTILE = "</script><script>alert('x')</script>"


def overview_url(event) -> str:
    return reverse("admin:conference_event_overview", args=[event.pk])


def read_table(content: str, key: str) -> list[tuple[str, ...]]:
    """The rows of a figure's table, as they read."""
    section = re.search(rf'aria-labelledby="figure-{key}">.*?</section>', content, re.DOTALL)[0]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in section.split("<tr>")[2:]]
    return [tuple(unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in row) for row in cells]


def read_links(content: str) -> list[str]:
    return [unescape(url) for url in re.findall(rf'href="({re.escape(LIST_URL)}\?[^"]*)"', content)]


def test_the_figures_are_told_with_their_shares(organiser):
    event = make_event(capacity=2)
    make_registration(event, country="LV")
    make_registration(event, country="LV")
    make_registration(event, country="EE")
    content = get_page(organiser, overview_url(event))
    assert read_table(content, "country") == [("Latvia", "2", "66.7"), ("Estonia", "1", "33.3")]
    assert [row[1:] for row in read_table(content, "time")] == [("3", "3")]
    assert "<strong>3</strong> of 2 places taken" in content
    assert '<progress id="places-taken-' in content


def test_each_number_leads_to_as_many_people(organiser):
    event, other = make_event(), make_event()
    topic = make_topic(event)
    for values in ({"sector": "library"}, {"sector": "library", "country": "LV"}, {"organisation": "Rīgas bibliotēka"}):
        make_registration(event, **values).topics.add(topic)
    make_registration(event, "cancelled", sector="library", country="LV", organisation="Rīgas bibliotēka")
    make_registration(other, sector="library", country="LV", organisation="Rīgas bibliotēka")
    content = get_page(organiser, overview_url(event))
    counted = {
        "time": [3],
        "sector": [2],
        "country": [1],
        "language": [3],
        "organisation": [1],
        "topic": [3],
    }
    for key, numbers in counted.items():
        section = re.search(rf'aria-labelledby="figure-{key}">.*?</section>', content, re.DOTALL)[0]
        found = [organiser.get(url).context["cl"].result_count for url in read_links(section)]
        assert found == numbers, key


def test_the_charts_are_drawn_from_the_same_numbers(organiser):
    event = make_event(capacity=5)
    make_registration(event, country="LV")
    content = get_page(organiser, overview_url(event))
    data = json.loads(re.search(r'<script id="overview-data" type="application/json">(.*?)</script>', content)[1])
    assert data["bars"]["country"]["labels"] == ["Latvia"]
    assert data["bars"]["country"]["numbers"] == [1]
    assert data["bars"]["country"]["urls"] == read_links(content[content.index("figure-country") :])[:1]
    assert (data["time"]["numbers"], data["time"]["capacity"]) == ([1], 5)
    assert re.findall(r'data-chart="(\w+)"', content) == ["time", "sector", "country", "organisation", "language"]


def test_what_strangers_type_is_never_markup(organiser):
    event = make_event(title={"en": HOSTILE})
    question = make_question(event, kind="one_of", label={"en": HOSTILE})
    make_choice(question, "soup", label={"en": HOSTILE})
    make_topic(event, HOSTILE)
    make_registration(event, organisation=HOSTILE, language="en", answers={"lunch": "soup"})
    content = get_page(organiser, overview_url(event))
    assert "<script>alert" not in content
    assert content.count("</script>") == get_page(organiser, overview_url(make_event())).count("</script>")
    assert read_table(content, "organisation") == [(HOSTILE, "1", "100.0")]
    assert "<script>alert" not in get_first_page(organiser)


def test_helpers_see_the_figures(client):
    event = make_event()
    make_registration(event, country="LV")
    client.force_login(make_user(HELPERS))
    assert read_table(get_page(client, overview_url(event)), "country") == [("Latvia", "1", "100.0")]


def test_internal_questions_are_for_those_who_may_answer_them(client, organiser):
    event = make_event()
    make_question(event, "speaker", kind="yes_no", is_internal=True)
    assert "figure-answer_speaker" in get_page(organiser, overview_url(event))
    client.force_login(make_user(HELPERS))
    assert "figure-answer_speaker" not in get_page(client, overview_url(event))


def test_who_may_not_see_registrations_is_refused(client):
    client.force_login(make_user())
    assert client.get(overview_url(make_event())).status_code == 403


def test_a_visitor_is_sent_to_log_in(client):
    response = client.get(overview_url(make_event()))
    assert response.url.startswith("/admin/login/")


def test_other_events_are_not_found(organiser):
    event, other = make_event(), make_event()
    restrict_to_events(organiser.user, event)
    assert organiser.get(overview_url(event)).status_code == 200
    assert organiser.get(overview_url(other)).status_code == 404


@pytest.mark.parametrize("key", ["0", "999999999", "9" * 30])
def test_an_event_that_does_not_exist_is_not_found(organiser, key):
    assert organiser.get(f"/admin/conference/event/{key}/overview/").status_code == 404


@pytest.mark.parametrize("key", ["x", "1%00", "-1"])
def test_nonsense_is_answered_as_everywhere_in_the_admin(organiser, key):
    response = organiser.get(f"/admin/conference/event/{key}/overview/", follow=True)
    assert response.redirect_chain[-1] == (reverse("admin:index"), 302)


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_overview_costs_the_same_queries_whatever_the_size(organiser, number, django_assert_num_queries):
    event = make_event()
    for person in range(number):
        make_registration(event, organisation=f"Library {person}")
    get_page(organiser, overview_url(event))
    with django_assert_num_queries(35):
        get_page(organiser, overview_url(event))


def test_the_event_and_the_list_of_events_lead_to_the_overview(organiser):
    event = make_event()
    link = f'href="{overview_url(event)}"'
    assert link in get_page(organiser, settings_url(event, "texts"))
    assert link in get_page(organiser, reverse("admin:conference_event_changelist"))


def test_people_with_mistyped_addresses_are_listed(organiser):
    event = make_event()
    make_registration(event, last_name="Slip", email="anna@gmial.com")
    make_registration(event, last_name="Right", email="anna@gmail.com")
    content = get_page(organiser, LIST_URL + "?address=mistyped")
    assert "Slip" in content
    assert "Right" not in content
    assert organiser.get(LIST_URL, {"address": "nonsense"}).status_code == 302


def test_who_sees_no_addresses_cannot_ask_which_are_mistyped(client):
    make_registration(make_event(), last_name="Right", email="anna@gmail.com")
    client.force_login(make_user(HELPERS))
    content = get_page(client, LIST_URL + "?address=mistyped")
    assert "Right" in content
    assert "looks like a typo" not in content


def test_e_mails_are_filtered_by_event(organiser):
    event, other = make_event(), make_event()
    for one in (event, other):
        make_registration(one).emails.create(kind="registered", to="x@example.org")
    response = organiser.get(reverse("admin:registrations_outgoingemail_changelist"), {"event": event.pk})
    assert response.context["cl"].result_count == 1

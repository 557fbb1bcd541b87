"""Where the links lead that a refused form of the admin shows, and the cells of lists."""

import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils.safestring import SafeString

from conference.admin.publication_checks import settings_url
from registrations.permissions import ORGANISERS
from registrations.templatetags.admin_tags import get_titles, label_cells
from tests.factories import make_event, make_question, make_topic, make_user
from tests.registrations.admin.events.test_event_admin import save_settings

pytestmark = pytest.mark.django_db

LINK = re.compile(r'<li><a href="#([^"]+)">([^<]+)</a></li>')


@pytest.fixture
def organiser(client):
    client.force_login(make_user(ORGANISERS))
    return client


def find_links(response) -> list[tuple[str, str]]:
    """Each link of the summary: the id to which it leads, which is on the page, and its words."""
    content = response.content.decode()
    assert response.status_code == 200
    summary = content.partition('id="errors"')[2].partition("</section>")[0]
    found = [(id, unescape(text)) for id, text in LINK.findall(summary)]
    assert [id for id, _text in found if f' id="{id}"' not in content] == []
    return found


def topic_rows(*rows: dict) -> dict:
    numbers = {"topics-TOTAL_FORMS": len(rows), "topics-INITIAL_FORMS": sum("id" in row for row in rows)}
    return {**numbers, **{f"topics-{at}-{name}": text for at, row in enumerate(rows) for name, text in row.items()}}


def test_each_wrong_field_has_a_link_and_those_of_rows_say_in_which(organiser):
    event = make_event()
    first = make_topic(event, "First")
    rows = [
        {"id": first.pk, "event": event.pk, "title_0": "Pirmais", "title_1": "First", "position": 0},
        {"event": event.pk, "title_0": "", "title_1": "", "description_0": "Kāpēc", "position": 1},
    ]
    needed = "This field is required."
    no_site = "is not a website address; enter one such as https://www.example.org."
    wrong = {"starts_at_0": "x", "time_zone": "", "slug": ""}
    assert find_links(save_settings(organiser, event, **wrong)) == [
        ("id_starts_at_0", "Starts: Please enter the date as 2027-06-10 or as 10.06.2027."),
        ("id_time_zone", f"Time zone: {needed}"),
        ("id_slug", f"Address: {needed}"),
    ]
    assert find_links(save_settings(organiser, event, embed_sites="a\nb")) == [
        ("id_embed_sites", f"Sites that may show the form: Line 1: “a” {no_site}"),
        ("id_embed_sites", f"Sites that may show the form: Line 2: “b” {no_site}"),
    ]
    assert find_links(save_settings(organiser, event, **topic_rows(*rows))) == [
        ("id_topics-1-title_0", f"Topics 2: Title: {needed}")
    ]


def test_a_row_that_is_to_be_deleted_is_not_wrong(organiser):
    event = make_event()
    gone = make_topic(event, "Gone")
    row = {"id": gone.pk, "event": event.pk, "title_0": "", "title_1": "", "position": 0, "DELETE": "on"}
    wrong = {"event": event.pk, "title_0": "", "title_1": "", "description_0": "Kāpēc", "position": 1}
    response = save_settings(organiser, event, **topic_rows(row, wrong))
    assert [id for id, _text in find_links(response)] == ["id_topics-1-title_0"]


def test_what_cannot_be_seen_of_a_row_is_mended_at_the_row(organiser):
    event = make_event()
    there = make_topic(event, "There")
    row = {"id": there.pk, "event": "999999", "title_0": "Temats", "title_1": "Topic", "position": 0}
    (id, text), *_rest = find_links(save_settings(organiser, event, **topic_rows(row)))
    assert (id, text.partition(":")[0]) == ("topics-0", "Topics 1")


def test_a_page_that_was_not_refused_shows_none(organiser):
    event = make_event()
    assert 'id="errors"' not in organiser.get(settings_url(event, "when")).content.decode()


def test_what_was_typed_is_text_in_the_summary(organiser):
    payload = "<script>alert(1)</script>"
    event = make_event()
    response = save_settings(organiser, event, time_zone=payload, slug=payload)
    assert payload not in response.content.decode()
    assert [id for id, _text in find_links(response)] == ["id_time_zone", "id_slug"]


def test_the_desks_own_pages_show_it_too(organiser):
    event = make_event()
    make_question(event, "lunch", kind="yes_no", is_required=True)
    add = f"{reverse('admin:registrations_registration_add')}?event={event.pk}"
    ids = [id for id, _text in find_links(organiser.post(add, {"email": "x", "country": "??"}))]
    assert ids == ["id_first_name", "id_email", "id_country", "id_language"]
    upload = f"{reverse('admin:registrations_registration_import')}?event={event.pk}"
    assert [id for id, _text in find_links(organiser.post(upload, {"event": ""}))] == ["id_event", "id_file"]
    export = f"{reverse('admin:registrations_registration_export')}?event={event.pk}"
    assert "id_columns_0" in [id for id, _text in find_links(organiser.post(export, {"export": "1"}))]


def test_a_chosen_event_that_is_not_there_leads_above_the_two_lists_of_events(client):
    user = make_user()
    client.force_login(make_user(is_superuser=True))
    data = {"username": "", "limited_access-TOTAL_FORMS": 1, "limited_access-INITIAL_FORMS": 0}
    data |= {"limited_access-0-user": user.pk, "limited_access-0-events": [999]}
    response = client.post(reverse("admin:auth_user_change", args=[user.pk]), data)
    found = dict(find_links(response))
    assert found["id_username"] == "Username: This field is required."
    assert found["id_limited_access-0-events_error"].startswith("Limit to chosen events: Events: ")


def test_a_cell_carries_the_title_of_its_column_as_text():
    cells = [SafeString('<td class="field-a">1 2</td>'), SafeString('<th class="field-b"><a href="/">3</a></th>')]
    headers = [{"text": 'lunch "&" tea'}, {"text": SafeString('<span><input type="checkbox" id="all"></span>')}]
    assert label_cells(cells, get_titles(headers)) == [
        '<td data-column="Lunch &quot;&amp;&quot; tea" class="field-a">1 2</td>',
        '<th data-column="" class="field-b"><a href="/">3</a></th>',
    ]

from datetime import UTC, datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from conference.admin.publication_checks import settings_url
from conference.models import Event
from registrations.permissions import ORGANISERS
from tests.conference.admin.test_publication_checks import make_ready_event
from tests.factories import make_event, make_registration, make_topic, make_user, restrict_to_events
from tests.registrations.admin.events.test_event_admin import post_event, save_settings
from tests.registrations.admin.page_forms import read_form
from tests.registrations.admin.requests import LIST_URL, get_page

pytestmark = pytest.mark.django_db


def publish_url(event) -> str:
    return reverse("admin:conference_event_publish", args=[event.pk])


def go_on(client, event, topic: str, **values) -> str:
    """Save the settings as a browser does that had these values typed in, and return where it leads."""
    address = settings_url(event, topic)
    response = client.post(address, {**read_form(client, address).data, **values, "_next": "Save"})
    assert response.status_code == 302, response.context["errors"]
    return response["Location"]


def press(client, event, button: str) -> list[str]:
    """What is told after this button was pressed."""
    return [
        str(message) for message in client.post(publish_url(event), {"do": button}, follow=True).context["messages"]
    ]


def test_the_page_names_what_is_missing_with_links_to_the_fields(organiser):
    event = make_event(is_published=False)
    link = f'<li><a href="{settings_url(event, "texts")}#id_summary_0">Summary: still empty.</a></li>'
    content = get_page(organiser, publish_url(event))
    assert link in content
    assert "No organiser is listed." in content
    assert "Nothing is missing." not in content
    content = get_page(organiser, settings_url(event, "texts"))
    assert link in content
    assert "No organiser is listed." not in content  # which is on the page of its topic
    assert "checklist" not in get_page(organiser, settings_url(event, "sharing"))


def test_saving_a_draft_can_lead_on_to_what_is_missing_elsewhere(organiser):
    event = make_ready_event(is_published=False)
    event.topics.all().delete()
    event.partners.all().delete()
    assert 'name="_next"' in get_page(organiser, settings_url(event, "texts"))
    assert go_on(organiser, event, "texts") == f"{settings_url(event, 'partners')}#partners-group"
    row = {"partners-0-name_0": "Bibliotēka", "partners-0-name_1": "Library", "partners-0-role": "organiser"}
    assert go_on(organiser, event, "partners", **row) == f"{settings_url(event, 'topics')}#topics-group"
    row = {"topics-0-title_0": "Lasīšana", "topics-0-title_1": "Reading"}
    assert go_on(organiser, event, "topics", **row) == publish_url(event)
    assert "Nothing is missing." in get_page(organiser, publish_url(event))
    Event.objects.filter(pk=event.pk).update(is_published=True)
    assert 'name="_next"' not in get_page(organiser, settings_url(event, "texts"))


@pytest.mark.parametrize("rows", ["partners", "topics"])
def test_an_empty_row_for_one_more_partner_or_topic_may_stay_empty(organiser, rows):
    event = make_ready_event()
    for stored in (1, 0):
        form = read_form(organiser, settings_url(event, rows)).data
        assert form[f"{rows}-TOTAL_FORMS"] == str(stored + 1)
        assert organiser.post(settings_url(event, rows), form).status_code == 302
        assert getattr(event, rows).count() == stored
        getattr(event, rows).all().delete()


def test_the_first_partner_is_the_organiser_unless_another_role_is_chosen(organiser):
    event = make_ready_event()
    assert read_form(organiser, settings_url(event, "partners")).data["partners-1-role"] == "partner"
    event.partners.all().delete()
    assert read_form(organiser, settings_url(event, "partners")).data["partners-0-role"] == "organiser"


def test_the_page_says_when_nothing_is_missing(organiser):
    content = get_page(organiser, publish_url(make_ready_event()))
    assert "Nothing is missing." in content
    assert "Good to know" not in content


def test_publishing_with_something_missing_is_done_and_says_what(organiser):
    event = make_event(is_published=False)
    told = press(organiser, event, "publish")
    assert Event.objects.get(pk=event.pk).is_published
    (warning,) = [text for text in told if text.startswith("The event is published, but something is still missing:")]
    assert "There are no topics." in warning
    assert press(organiser, event, "publish") == []  # it is so already
    assert press(organiser, event, "withdraw") == ["The event is a draft again. Only organisers can see its page."]
    assert not Event.objects.get(pk=event.pk).is_published
    history = LogEntry.objects.order_by("pk").values_list("change_message", flat=True)
    assert list(history) == ['[{"changed": {"fields": ["Published"]}}]'] * 2


def test_who_may_not_change_the_event_does_not_publish_it(staff):
    event = make_event(is_published=False)
    assert staff.post(publish_url(event), {"do": "publish"}).status_code == 403
    assert not Event.objects.get(pk=event.pk).is_published


def test_only_the_button_publishes(organiser):
    event = make_event(is_published=False)
    for data in ({}, {"do": "x"}):
        assert organiser.post(publish_url(event), data).status_code == 200
    assert organiser.get(publish_url(event), {"do": "publish"}).status_code == 200
    post_event(organiser, event, title_1="New", is_published="on")  # which no settings have
    event.refresh_from_db()
    assert (event.is_published, event.title.data["en"]) == (False, "New")


def test_the_previews_lead_to_the_page_in_each_language(organiser):
    event = make_event(slug="next", is_published=False)
    content = get_page(organiser, publish_url(event))
    assert '<a href="/lv/next/" hreflang="lv">Preview: Latvian</a>' in content
    assert '<a href="/en/next/" hreflang="en">Preview: English</a>' in content


def test_a_text_missing_in_one_language_is_marked_at_its_input(organiser):
    event = make_event(summary={"lv": "Īsumā"})
    make_topic(event, {"en": "Topic"})
    content = get_page(organiser, settings_url(event, "texts"))
    topics = get_page(organiser, settings_url(event, "topics"))
    assert '<span class="missing" id="id_summary_1_missing">English is missing</span>' in content
    assert '<span class="missing" id="id_topics-0-title_0_missing">Latvian is missing</span>' in topics
    assert 'aria-describedby="id_summary_1_missing"' in content
    assert (content.count('class="missing"'), topics.count('class="missing"')) == (1, 1)
    assert 'lang="lv"' in content.partition('name="summary_0"')[2].partition(">")[0]


def test_a_word_text_comes_out_clean_of_the_form(organiser):
    event = make_event()
    post_event(
        organiser, event, description_0="•\tviens\u00a0divi\r\n\u200b•\ttrīs  ", title_1="A\u00a0title\r\nof two lines"
    )
    event.refresh_from_db()
    assert event.description.data == {"lv": "- viens divi\n- trīs"}
    assert event.title.data["en"] == "A title of two lines"


def test_texts_that_come_back_as_they_were_are_not_called_changed(organiser):
    event = make_event(summary={"lv": "divas\r\nrindas", "en": "two\u00a0\r\nlines"})
    save_settings(organiser, event, summary_0="divas\r\nrindas", summary_1="two\u00a0\r\nlines")
    assert "Summary" not in LogEntry.objects.get().get_change_message()


def test_an_hour_that_does_not_exist_is_told_at_the_field(organiser):
    event = make_event()
    sent = {"starts_at_0": "2027-03-28", "starts_at_1": "03:30", "ends_at_0": "2027-03-28", "ends_at_1": "09:00"}
    content = save_settings(organiser, event, **sent).content.decode()
    assert (
        "03:30 does not exist on that day in Europe/Riga: the clocks go forward. Please choose another time." in content
    )


def test_the_zone_is_named_beside_the_times(organiser):
    event = make_event(time_zone="Europe/Lisbon")
    for topic, number in (("when", 2), ("registration", 3)):
        assert get_page(organiser, settings_url(event, topic)).count("Time zone: Europe/Lisbon.") == number


TEN_IN_RIGA = datetime(2027, 1, 19, 8, tzinfo=UTC)


def test_the_list_of_events_shows_each_by_its_own_clock(organiser):
    make_event(time_zone="Europe/Lisbon", starts_at=TEN_IN_RIGA)
    make_event(starts_at=TEN_IN_RIGA)
    content = get_page(organiser, reverse("admin:conference_event_changelist"))
    assert "2027-01-19 08:00 (Europe/Lisbon)" in content
    assert ">2027-01-19 10:00<" in content


def test_registrations_are_shown_by_their_events_clock(organiser):
    registration = make_registration(
        make_event(time_zone="Europe/Lisbon"), created_at=TEN_IN_RIGA, consented_at=TEN_IN_RIGA
    )
    assert "2027-01-19 08:00" in get_page(organiser, LIST_URL)
    content = get_page(organiser, reverse("admin:registrations_registration_change", args=[registration.pk]))
    assert content.count("2027-01-19 08:00") == 2
    assert "Time zone: Europe/Lisbon." in content


@pytest.mark.parametrize("nonsense", ["0", "9" * 30, "x", "1_0", "٣"])
def test_nonsense_in_the_address_is_answered_calmly(organiser, nonsense):
    for name in ("change", "history"):
        address = f"/admin/conference/event/{nonsense}/{name}/"
        assert organiser.get(address).status_code in (302, 404)
        assert organiser.get(address.replace("conference/event", "registrations/registration")).status_code in (
            302,
            404,
        )


def test_a_limited_organiser_sees_no_checklist_of_another_event(client):
    mine, other = make_event(), make_event(title="Other")
    user = make_user(ORGANISERS)
    restrict_to_events(user, mine)
    client.force_login(user)
    assert "checklist" in get_page(client, settings_url(mine, "texts"))
    assert client.get(settings_url(other, "texts")).status_code == 302


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_events_page_costs_the_same_queries_whatever_it_holds(organiser, django_assert_num_queries, number):
    event = make_event()
    for _number in range(number):
        make_topic(event, {"lv": "Temats"})
    get_page(organiser, settings_url(event, "topics"))
    with django_assert_num_queries(17):
        get_page(organiser, settings_url(event, "topics"))

"""The menu: one conference or all, the way to a page, and lists that are of the chosen conference."""

import re
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from registrations.models import Mailing, choose_event, get_chosen_event
from registrations.permissions import HELPERS
from tests.factories import make_event, make_question, make_registration, make_user, restrict_to_events
from tests.registrations.admin.requests import LIST_URL, get_page

pytestmark = pytest.mark.django_db

CHOOSE_URL = reverse("admin:choose_event")
MAILINGS_URL = reverse("admin:registrations_mailing_changelist")
# Pages about people or rows of one event, which their addresses name.
OF_ONE_EVENT = [
    *(f"registrations_registration_{name}" for name in ("changelist", "add", "export", "print", "import", "doubles")),
    *("registrations_question_changelist", "registrations_question_add", "registrations_mailing_changelist"),
    *("registrations_outgoingemail_changelist", "attendance_checkin_changelist", "attendance_badges"),
    "attendance_badgerole_changelist",
]


@pytest.fixture
def events():
    """Last year's, next year's, a draft and a cancelled one."""
    states = [(2025, {}), (2027, {}), (2028, {"is_published": False}), (2029, {"cancelled_at": datetime.now(tz=UTC)})]
    return [
        make_event(title=f"Libraries {year}", starts_at=datetime(year, 12, 31, 22, 30, tzinfo=UTC), **state)
        for year, state in states
    ]


@pytest.fixture
def administrator(organiser):
    organiser.user.user_permissions.set(Permission.objects.all())
    return organiser


def read_menu(content: str) -> str:
    return content.partition('id="nav-sidebar"')[2].partition("</nav>")[0]


def read_trail(content: str) -> list[tuple[str, str]]:
    """The texts of the way to the page, each with its address; the page itself has none."""
    trail = content.partition('class="breadcrumbs">')[2].partition("</div>")[0]
    links = re.findall(r'<a href="([^"]*)">([^<]*)</a>', trail)
    return [(text, url) for url, text in links] + [(re.sub(r"<a.*</a> › ", "", trail, flags=re.DOTALL).strip(), "")]


def test_events_have_their_year_in_their_time_zone_and_what_they_are(organiser, events):
    choose_event(organiser.user, events[1])
    menu = read_menu(get_page(organiser, LIST_URL, event=events[1].pk))
    assert re.findall(r"(Libraries \d+)(?:</a>)?\s*<span>([^<]*)</span>", menu) == [
        ("Libraries 2027", "2028"),
        ("Libraries 2029", "2030, cancelled"),
        ("Libraries 2028", "2029, draft"),
        ("Libraries 2025", "2026, past"),
    ]


def test_another_event_is_chosen_with_a_button_and_all_too(organiser, events):
    response = organiser.post(CHOOSE_URL, {"event": events[0].pk})
    assert response["Location"] == reverse("admin:conference_event_overview", args=[events[0].pk])
    assert get_chosen_event(organiser.user) == events[0]
    response = organiser.post(CHOOSE_URL, {"event": ""}, follow=True)
    assert response.redirect_chain[-1][0] == reverse("admin:conference_event_changelist")
    assert get_chosen_event(organiser.user) is None
    menu = read_menu(response.content.decode())
    assert "All conferences together" in menu
    assert f'href="{LIST_URL}"' in menu
    assert "/overview/" not in menu


@pytest.mark.parametrize("event", ["x", "0", "999999999", "1 OR 1"])
def test_an_event_that_one_cannot_see_is_not_chosen(organiser, events, event):
    restrict_to_events(organiser.user, events[0], events[1])
    choose_event(organiser.user, events[0])
    assert organiser.post(CHOOSE_URL, {"event": event}).status_code == 404
    assert organiser.post(CHOOSE_URL, {"event": events[2].pk}).status_code == 404
    assert organiser.get(CHOOSE_URL).status_code == 405
    assert get_chosen_event(organiser.user) == events[0]


def test_who_is_limited_to_one_event_never_meets_the_switcher(organiser, events):
    restrict_to_events(organiser.user, events[1])
    for address in (LIST_URL, reverse("admin:conference_event_changelist")):
        menu = read_menu(get_page(organiser, address))
        assert "<form" not in menu
        assert "Libraries 2027" in menu
        assert not re.search("Libraries 202[589]", menu)


def test_helpers_are_led_only_to_what_they_may_open(client):
    event = make_event()
    client.force_login(make_user(HELPERS))
    menu = read_menu(get_page(client, LIST_URL, event=event.pk))
    for address in re.findall(r'href="([^"]+)"', menu):
        assert client.get(address.replace("&amp;", "&")).status_code == 200
    assert "Site" not in menu


@pytest.mark.parametrize("page", OF_ONE_EVENT)
def test_pages_are_about_the_chosen_event_and_about_all_only_if_all_are_chosen(administrator, events, page):
    address = reverse(f"admin:{page}")
    choose_event(administrator.user, events[1])
    assert administrator.get(address, {"q": "x"})["Location"] == f"{address}?q=x&event={events[1].pk}"
    assert administrator.get(address, {"event": events[0].pk}).status_code == 200
    choose_event(administrator.user, None)
    assert administrator.get(address).status_code == 200


def test_the_filter_by_event_gives_way_to_the_menu(organiser, events):
    make_registration(events[1])
    choose_event(organiser.user, None)
    assert "Filter: event" in get_page(organiser, LIST_URL).replace("By event", "Filter: event")
    choose_event(organiser.user, events[1])
    content = get_page(organiser, LIST_URL, event=events[1].pk)
    assert 'data-filter-title="event"' not in content
    assert 'data-filter-title="status"' in content
    assert "Clear all filters" not in content


def test_mailings_are_those_that_went_to_people_of_the_event(organiser, events):
    for event in events[:2]:
        mailing = Mailing.objects.create(subject=f"About {event.title}", text="Hello")
        for email in ("a@example.lv", "b@example.lv"):
            person = make_registration(event, email=email, first_name=email)
            person.emails.create(kind="message", language="en", to=email, mailing=mailing)
    shown = organiser.get(MAILINGS_URL, {"event": events[0].pk}).context["cl"].result_list
    assert [(str(mailing), mailing.sent + mailing.waiting) for mailing in shown] == [("About Libraries 2025", 2)]
    choose_event(organiser.user, None)
    assert len(organiser.get(MAILINGS_URL).context["cl"].result_list) == 2


def test_a_filter_alone_does_not_write_to_people_of_another_event(organiser, events):
    make_registration(events[0], tags=["press"])
    choose_event(organiser.user, events[1])
    content = get_page(organiser, reverse("admin:registrations_mailing_add"), tag="press")
    assert f'<input type="hidden" name="event" value="{events[1].pk}"' in content
    assert "This will be sent" not in content


def test_the_way_to_a_page_is_that_of_the_menu(administrator, events):
    event, question = events[1], make_question(events[1])
    overview = ("Libraries 2027", reverse("admin:conference_event_overview", args=[event.pk]))
    questions = f"{reverse('admin:registrations_question_changelist')}?event={event.pk}"
    page = reverse("admin:registrations_question_change", args=[question.pk])
    people = f"{LIST_URL}?event={event.pk}"
    assert read_trail(get_page(administrator, questions)) == [overview, ("Form", questions), ("Questions", "")]
    assert read_trail(get_page(administrator, page)) == [
        *(overview, ("Form", questions), ("Questions", questions)),
        ("Lunch", ""),
    ]
    assert read_trail(get_page(administrator, reverse("admin:registrations_question_delete", args=[question.pk])))[
        -2
    ] == ("Lunch", page)
    exported = get_page(administrator, reverse("admin:registrations_registration_export"), event=event.pk, tag="a")
    assert read_trail(exported) == [overview, ("People", people), ("List", f"{people}&amp;tag=a"), ("Export", "")]
    assert read_trail(get_page(administrator, reverse("admin:conference_venue_changelist"))) == [("Venues", "")]
    assert read_trail(get_page(administrator, overview[1])) == [overview, ("Overview", "")]

"""Two organisers with the same page open: each page saves what was changed on it, and no more."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from accounts.models import Colleague
from attendance.models import BadgeRole
from conference.admin.publication_checks import settings_url
from conference.models import AccessibilityStatement, Event, Topic, Venue
from registrations.models import Choice, Question, Registration
from tests.factories import make_event, make_picture, make_statement, make_topic, make_uploaded_picture
from tests.registrations.admin.full_event import OURS, make_full_event
from tests.registrations.admin.page_forms import read_form, read_form_again

pytestmark = pytest.mark.django_db

# For every page of the admin on which something can be changed: two fields, and two values for the first.
EDITS = {
    Event: ("capacity", "hold_hours", ("150", "175"), "48"),
    Venue: ("street_0", "city_1", ("Mūkusalas iela 3", "Brīvības iela 1"), "Riga"),
    AccessibilityStatement: ("feedback_phone", "owner_0", ("+371 1", "+371 2"), "Bibliotēka"),
    Question: ("help_text_1", "position", ("In one word", "In two words"), "7"),
    Registration: ("job_title", "organisation", ("director", "librarian"), "Rīga Central Library"),
    User: ("first_name", "last_name", ("Anna", "Ilze"), "Ozola"),
    Colleague: ("first_name", "last_name", ("Anna", "Ilze"), "Ozola"),
    BadgeRole: ("colour", "position", ("#112233", "#445566"), "7"),
    Group: ("name", "permissions", ("Cloakroom", "Entrance"), None),
}


@pytest.fixture
def full_event(admin_user):
    make_statement()
    event = make_full_event(OURS, admin_user)
    event.starts_at = event.starts_at.replace(second=0, microsecond=0)  # as people enter it
    event.save()
    User.objects.filter(pk=OURS.number).update(username="author")  # names of users have no spaces
    return event


@pytest.fixture
def other_client(admin_user):
    other = Client(headers={"accept-language": "en"})
    other.force_login(User.objects.create_superuser("other"))
    return other


@pytest.fixture
def admin_client(admin_client):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return admin_client


def get_address(row, topic: str = "registration") -> str:
    if isinstance(row, Event):
        return settings_url(row, topic)
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def press(client, address: str, data: dict, **changes):
    """Change these fields on the page, and save."""
    return client.post(address, {**data, **changes})


def read_errors(response) -> list[str]:
    lists = re.findall(r'<ul class="errorlist[^>]*>(.*?)</ul>', response.content.decode(), re.DOTALL)
    return [unescape(text) for one in lists for text in re.findall(r"<li>(.*?)</li>", one, re.DOTALL)]


def clash(theirs: str, mine: str, language: str = "") -> str:
    who = f"{language}: somebody" if language else "Somebody"
    return (
        f"{who} else has changed this in the meantime to “{theirs}”. You entered “{mine}”. "
        "Save again to keep what you entered, or change it."
    )


def test_every_page_on_which_something_can_be_changed_is_in_this_test(admin_client, rf, admin_user):
    request = rf.get("/")
    request.user = admin_user
    changeable = {model for model, page in admin.site._registry.items() if page.has_change_permission(request)}
    assert changeable == set(EDITS)


@pytest.mark.parametrize("model", EDITS, ids=lambda model: model.__name__)
def test_two_pages_keep_what_each_changed_and_a_clash_is_told(admin_client, other_client, full_event, model):
    first, second, (theirs, mine), value = EDITS[model]
    row = model.objects.filter(pk=OURS.number).first() or model.objects.first()
    address = get_address(row)
    mine_open, theirs_open = read_form(admin_client, address), read_form(other_client, address)
    value = value or [mine_open.options[second][0]]
    assert press(other_client, address, theirs_open.data, **{first: theirs}).status_code == 302
    assert press(admin_client, address, mine_open.data, **{second: value}).status_code == 302
    now = read_form(admin_client, address).data
    assert (now[first], now[second]) == (theirs, value)
    refused = press(admin_client, address, mine_open.data, **{first: mine})
    language = {"_0": "Latvian", "_1": "English"}.get(first[-2:], "")
    assert clash(theirs, mine, language) in read_errors(refused)
    assert read_form(admin_client, address).data[first] == theirs
    again = read_form_again(refused).data
    assert again[first] == mine
    assert press(admin_client, address, again).status_code == 302
    now = read_form(admin_client, address).data
    assert (now[first], now[second]) == (mine, value)


@pytest.mark.parametrize("model", EDITS, ids=lambda model: model.__name__)
def test_a_page_on_which_nothing_was_changed_changes_nothing(admin_client, full_event, model):
    row = model.objects.filter(pk=OURS.number).first() or model.objects.first()
    assert press(admin_client, get_address(row), read_form(admin_client, get_address(row)).data).status_code == 302
    assert LogEntry.objects.latest("action_time").get_change_message() == "No fields changed."


def test_the_editors_of_two_languages_do_not_undo_each_other(admin_client, other_client, full_event):
    address = get_address(full_event, "texts")
    latvian, english = read_form(admin_client, address), read_form(other_client, address)
    press(admin_client, address, latvian.data, description_0="Par bibliotēkām.", title_0="Bibliotēkas")
    assert press(other_client, address, english.data, description_1="About libraries.").status_code == 302
    event = Event.objects.get(pk=full_event.pk)
    assert event.description.data == {"lv": "Par bibliotēkām.", "en": "About libraries."}
    assert event.title.data["lv"] == "Bibliotēkas"
    # Only the language that both changed is a clash; the other one is kept.
    press(admin_client, address, latvian.data, description_0="Par grāmatām.", description_1="About books.")
    refused = press(other_client, address, english.data, description_1="About reading.")
    assert read_errors(refused) == [clash("About libraries.", "About reading.", "English")]


def test_values_are_told_in_words(admin_client, other_client, full_event):
    # Later than both new times, at whatever hour this is run.
    Event.objects.filter(pk=full_event.pk).update(ends_at=full_event.starts_at + timedelta(hours=20))
    address = get_address(full_event, "when")
    mine, theirs = read_form(admin_client, address).data, read_form(other_client, address).data
    venue = Venue.objects.create(name="Other venue", street="Street", city="City")
    press(other_client, address, theirs, starts_at_1="08:15:00", venue=venue.pk, slug="theirs")
    changes = {"starts_at_1": "09:45:00", "venue": "", "slug": "mine"}
    errors = read_errors(press(admin_client, address, mine, **changes))
    assert clash("theirs", "mine") in errors
    assert any("08:15”. You entered" in error and "09:45”. Save" in error for error in errors)
    assert "This field is required." in errors  # which comes first
    refused = press(admin_client, address, mine, venue=full_event.venue_id)
    assert refused.status_code == 302  # what only they changed is kept
    event = Event.objects.get(pk=full_event.pk)
    assert (event.venue, event.slug) == (venue, "theirs")


def test_another_time_zone_is_no_change_of_the_times_by_somebody_else(admin_client, full_event):
    address = get_address(full_event, "when")
    data = read_form(admin_client, address).data
    assert press(admin_client, address, data, time_zone="Europe/Lisbon").status_code == 302
    event = Event.objects.get(pk=full_event.pk)
    assert (event.starts_at - full_event.starts_at.replace(microsecond=0)).total_seconds() == 2 * 3600


def test_rows_that_somebody_else_changed_added_or_removed(admin_client, other_client, full_event):
    second = make_topic(full_event, "Second")
    third = make_topic(full_event, "Third")
    address = get_address(full_event, "topics")
    mine, theirs = read_form(admin_client, address).data, read_form(other_client, address).data
    rows = {mine[f"topics-{number}-id"]: f"topics-{number}" for number in range(3)}
    first, gone, kept = (rows[str(pk)] for pk in (OURS.number, second.pk, third.pk))
    new = {"topics-TOTAL_FORMS": 4, "topics-3-event": full_event.pk, "topics-3-title_1": "New", "topics-3-position": 9}
    theirs |= {f"{gone}-DELETE": "on", f"{first}-title_1": "Theirs", **new}
    assert press(other_client, address, theirs).status_code == 302
    # Untouched rows stay as they left them, and what they removed is not there again.
    assert press(admin_client, address, mine, **{f"{kept}-title_1": "Mine"}).status_code == 302
    assert sorted(map(str, full_event.topics.all())) == ["Mine", "New", "Theirs"]
    # A row that was removed and changed becomes a new one, if it is saved again; one that both changed is told.
    refused = press(admin_client, address, mine, **{f"{gone}-title_1": "Still here", f"{first}-title_1": "Mine too"})
    errors = read_errors(refused)
    assert clash("Theirs", "Mine too", "English") in errors
    assert any("removed a row that you changed" in error for error in errors)
    assert full_event.topics.count() == 3
    again = read_form_again(refused).data
    assert press(admin_client, address, again).status_code == 302
    assert sorted(map(str, full_event.topics.all())) == ["Mine", "Mine too", "New", "Still here"]


def test_a_row_is_not_removed_unseen(admin_client, other_client, full_event):
    address = get_address(full_event, "topics")
    mine, theirs = read_form(admin_client, address).data, read_form(other_client, address).data
    press(other_client, address, theirs, **{"topics-0-title_1": "Theirs"})
    refused = press(admin_client, address, mine, **{"topics-0-DELETE": "on"})
    told = "Title: Topic liepajasmark, Theirs. Save again to remove it."
    assert read_errors(refused) == [f"Somebody else has changed “Theirs” in the meantime: {told}"]
    assert Topic.objects.filter(event=full_event).exists()
    assert press(admin_client, address, read_form_again(refused).data).status_code == 302
    assert not Topic.objects.filter(event=full_event).exists()


def test_options_of_a_question_are_merged_too(admin_client, other_client, full_event):
    address = get_address(Question.objects.get(key="choice"))
    mine, theirs = read_form(admin_client, address).data, read_form(other_client, address).data
    press(other_client, address, theirs, **{"choices-0-limit": 12})
    assert press(admin_client, address, mine, **{"choices-0-label_1": "Soup"}).status_code == 302
    choice = Choice.objects.get(question__key="choice")
    assert (choice.limit, str(choice.label)) == (12, "Soup")
    refused = press(admin_client, address, mine, **{"choices-0-limit": 3})
    assert read_errors(refused) == [clash("12", "3")]


def test_several_rows_are_compared_whatever_their_order(admin_client, other_client, full_event):
    user, second = User.objects.get(pk=OURS.number), make_event()
    user.limited_access.events.set([full_event, second])
    address = get_address(user)
    mine, theirs = read_form(admin_client, address).data, read_form(other_client, address).data
    name, groups = "limited_access-0-events", list(Group.objects.values_list("pk", flat=True))
    assert press(other_client, address, theirs, **{name: [second.pk], "groups": groups}).status_code == 302
    other_order = mine[name][::-1]
    assert press(admin_client, address, mine, last_name="Ozola", **{name: other_order}).status_code == 302
    user.refresh_from_db()
    assert (user.last_name, [*user.limited_access.events.all()]) == ("Ozola", [second])
    assert user.groups.count() == len(groups)
    refused = press(admin_client, address, mine, groups=groups[:1])
    assert [error for error in read_errors(refused) if "Save again" in error]


def test_a_picture_that_both_chose_is_told_and_one_that_somebody_else_chose_is_kept(admin_client, full_event):
    address = get_address(full_event, "texts")
    mine = read_form(admin_client, address).data
    theirs = make_picture(size=(30, 20))
    Event.objects.filter(pk=full_event.pk).update(picture=theirs)
    assert press(admin_client, address, mine, fee_1="5 €").status_code == 302
    assert Event.objects.get(pk=full_event.pk).picture == theirs
    refused = press(admin_client, address, mine, picture=make_uploaded_picture(size=(60, 20)))
    assert clash("a picture of 30 × 20 pixels", "a picture of 60 × 20 pixels") in read_errors(refused)
    again = read_form_again(refused).data
    assert press(admin_client, address, again, picture=make_uploaded_picture(size=(60, 20))).status_code == 302
    assert Event.objects.get(pk=full_event.pk).picture.width == 60


def test_the_log_names_only_what_was_changed_on_the_page(admin_client, other_client, full_event):
    address = get_address(full_event.venue)
    mine, theirs = read_form(admin_client, address).data, read_form(other_client, address).data
    press(other_client, address, theirs, postal_code="LV-1001")
    press(admin_client, address, mine, city_1="Riga")
    entries = LogEntry.objects.filter(object_repr=str(full_event.venue)).order_by("pk")
    assert [entry.get_change_message() for entry in entries] == ["Changed Postal code.", "Changed City."]


@pytest.mark.parametrize("shown", ["", "{", "[]", '{"conference.venue-111000111": 3}'])
def test_a_page_that_does_not_say_what_it_showed_saves_as_before(admin_client, full_event, shown):
    address = get_address(full_event.venue)
    data = read_form(admin_client, address).data
    assert press(admin_client, address, data, postal_code="LV-1001", shown_values=shown).status_code == 302
    assert Venue.objects.get(pk=full_event.venue_id).postal_code == "LV-1001"

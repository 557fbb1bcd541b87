"""Choosing pictures on the event's page in the admin."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conference.admin.publication_checks import settings_url
from conference.models import Event, Partner, Picture
from registrations.permissions import ORGANISERS, STAFF
from tests.factories import make_event, make_picture, make_uploaded_picture, make_user, restrict_to_events
from tests.registrations.admin.events.test_event_admin import save_settings
from tests.registrations.admin.requests import get_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser(client):
    client.user = make_user(ORGANISERS)
    client.force_login(client.user)
    return client


def get_texts_url(event) -> str:
    return settings_url(event, "texts")


def save_event(client, event, **values) -> Event:
    response = save_settings(client, event, **values)
    assert response.status_code == 302, response.context["errors"]
    return Event.objects.get(pk=event.pk)


def partner_form(event, partner=None, **values) -> dict:
    row = {"event": event.pk, "id": partner.pk if partner else "", "name_0": "Partneris", "name_1": "Partner"}
    row |= {"role": "partner", "position": 0, **values}
    numbers = {"partners-TOTAL_FORMS": 1, "partners-INITIAL_FORMS": 1 if partner else 0}
    return {**numbers, **{f"partners-0-{name}": value for name, value in row.items()}}


def test_a_new_partner_comes_after_those_that_there_are(organiser):
    event = make_event()
    first = Partner.objects.create(event=event, name="Pirmais", position=3)
    rows = partner_form(event, first, position=3) | {"partners-TOTAL_FORMS": 2}
    rows |= {f"partners-1-{name}": "Otrais" for name in ("name_0", "name_1")}
    rows |= {"partners-1-role": "organiser", "partners-1-position": 0}
    save_event(organiser, event, **rows)
    assert [partner.position for partner in event.partners.all()] == [3, 4]


def test_a_picture_is_chosen_shown_replaced_and_taken_away(organiser):
    event = make_event()
    assert "The picture now" not in get_page(organiser, get_texts_url(event))
    event = save_event(organiser, event, picture=make_uploaded_picture())
    first = event.picture
    assert (first.width, first.height) == (64, 36)
    content = get_page(organiser, get_texts_url(event))
    assert (
        f'<img class="picture-band" src="{first.get_absolute_url()}" alt="The picture now" width="240" height="72">'
        in content
    )
    event = save_event(organiser, event, fee_1="5 €")
    assert event.picture == first
    event = save_event(organiser, event, picture=make_uploaded_picture((2000, 1000)))
    assert (event.picture.width, event.picture.height) == (1280, 640)
    assert Picture.objects.get() == event.picture
    event = save_event(organiser, event, **{"picture-clear": "on"})
    assert event.picture is None
    assert not Picture.objects.exists()


def test_a_partners_logo_is_chosen_replaced_and_taken_away_with_the_row(organiser):
    event = make_event()
    save_event(organiser, event, **partner_form(event, picture=make_uploaded_picture((960, 960))))
    partner = event.partners.get()
    assert (partner.picture.width, partner.picture.height) == (480, 480)
    content = get_page(organiser, settings_url(event, "partners"))
    assert partner.picture.get_absolute_url() in content
    assert 'id="id_partners-0-picture"' in content
    save_event(organiser, event, **partner_form(event, partner, name_1="Renamed"))
    assert event.partners.get().picture == partner.picture
    save_event(organiser, event, **partner_form(event, partner, picture=make_uploaded_picture((30, 30))))
    assert event.partners.get().picture == Picture.objects.get() != partner.picture
    save_event(organiser, event, **partner_form(event, partner, DELETE="on"))
    assert not Picture.objects.exists()


def test_what_another_event_shows_too_stays_when_one_takes_it_away(organiser):
    one, other = (make_event(picture=make_picture()) for _number in range(2))
    save_event(organiser, one, **{"picture-clear": "on"})
    assert Event.objects.get(pk=other.pk).picture == Picture.objects.get()


def test_the_pictures_of_a_deleted_event_go_with_it(organiser):
    one, other = make_event(picture=make_picture()), make_event(picture=make_picture(size=(9, 9)))
    kept = make_event(picture=make_picture(size=(8, 8)))
    organiser.post(reverse("admin:conference_event_delete", args=[one.pk]), {"post": "yes"})
    chosen = {"action": "delete_selected", "_selected_action": [other.pk], "post": "yes"}
    organiser.post(reverse("admin:conference_event_changelist"), chosen)
    assert Event.objects.get() == kept
    assert Picture.objects.get() == kept.picture


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (
            b"<svg><rect",
            "This file could not be read as a picture. Please choose an undamaged JPEG, PNG, WebP, GIF or SVG file.",
        ),
        (b"\0" * (5 * 1024 * 1024 + 1), "The file is larger than 5 MB. Please make the picture smaller."),
        (b"", "The submitted file is empty."),
    ],
)
def test_a_bad_file_is_told_at_its_field_and_changes_nothing(organiser, file, expected):
    event = make_event(picture=make_picture())
    bad, bad_logo = (SimpleUploadedFile("picture.png", file) for _number in range(2))
    response = save_settings(organiser, event, fee_1="5 €", picture=bad)
    content = response.content.decode()
    assert expected in content
    assert event.picture.get_absolute_url() in content  # what is there now is still shown
    event.refresh_from_db()
    assert (event.fee.localize("en"), event.picture) == ("Free of charge", Picture.objects.get())
    response = save_settings(organiser, event, **partner_form(event, picture=bad_logo))
    assert expected in response.content.decode()
    assert not event.partners.exists()


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1280, 384), []),
        ((3000, 1000), []),
        ((1000, 400), ["The picture is only 1000 pixels wide"]),
        ((2000, 2100), ["The picture is taller than it is wide."]),
        ((900, 1200), ["The picture is taller than it is wide.", "The picture is only 900 pixels wide"]),
    ],
)
def test_a_picture_that_will_not_look_well_is_taken_with_a_warning(organiser, size, expected):
    event = make_event()
    response = save_settings(organiser, event, picture=make_uploaded_picture(size), follow=True)
    warnings = [str(told) for told in response.context["messages"] if told.level_tag == "warning"]
    assert len(warnings) == len(expected)
    assert all(map(str.startswith, warnings, expected))
    assert Event.objects.get(pk=event.pk).picture
    again = save_settings(organiser, event, fee_1="5 €", follow=True)
    assert [told for told in again.context["messages"] if told.level_tag == "warning"] == []


def test_which_picture_suits_is_said_for_the_event_and_not_for_logos(organiser):
    content = get_page(organiser, get_texts_url(make_event()))
    assert content.count("at least 1280 pixels wide") == 1
    assert "Without a picture, the page shows a drawing made from the title. Use a picture" in content


def test_another_fields_error_stores_no_picture(organiser):
    event = make_event()
    wrong = {"title_0": "", "title_1": "", "picture": make_uploaded_picture()}
    assert save_settings(organiser, event, **wrong).status_code == 200
    assert not Picture.objects.exists()


def test_a_file_and_taking_away_at_once_is_asked_about(organiser):
    event = make_event(picture=make_picture())
    form = {"picture": make_uploaded_picture((9, 9)), "picture-clear": "on"}
    assert "not both" in save_settings(organiser, event, **form).content.decode()
    assert Event.objects.get(pk=event.pk).picture == Picture.objects.get()


def test_two_pictures_of_5_mb_come_through_and_more_are_told_so(organiser):
    event = make_event()
    content = make_uploaded_picture().read() + b"\0" * (5 * 1024 * 1024 - 2000)
    picture, logo = (SimpleUploadedFile("large.png", content) for _number in range(2))
    save_event(organiser, event, picture=picture)
    save_event(organiser, event, **partner_form(event, picture=logo))
    large = SimpleUploadedFile("large.png", b"\0" * (11 * 1024 * 1024))
    response = save_settings(organiser, event, picture=large)
    assert response.status_code == 413
    assert "That is too much to send at once" in response.content.decode()


def test_texts_beside_a_file_are_no_larger_than_a_form(organiser, settings):
    event = make_event()
    long = "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert save_settings(organiser, event, picture=make_uploaded_picture(), description_1=long).status_code == 413


def test_who_may_not_change_the_event_stores_nothing(client):
    event, other = make_event(), make_event()
    client.force_login(make_user(STAFF))
    assert save_settings(client, event, picture=make_uploaded_picture()).status_code == 403
    limited = make_user(ORGANISERS)
    restrict_to_events(limited, other)
    client.force_login(limited)
    response = save_settings(client, event, picture=make_uploaded_picture())
    assert response.status_code in (302, 404)
    assert not Picture.objects.exists()


def test_the_page_reads_no_pictures_bytes_and_asks_no_more_for_more_of_them(organiser):
    def queries(event) -> list[str]:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            get_page(organiser, settings_url(event, "texts"))
            get_page(organiser, settings_url(event, "partners"))
        return [query["sql"] for query in captured]

    bare, full = make_event(), make_event(picture=make_picture())
    for number in range(3):
        Partner.objects.create(event=full, name="P", picture=make_picture(size=(20, 20 + number)))
        Partner.objects.create(event=bare, name="P")
    queries(bare)
    asked = queries(full)
    assert len(asked) == len(queries(bare))
    assert not any('"content"' in sql for sql in asked)

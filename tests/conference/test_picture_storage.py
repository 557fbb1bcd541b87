"""Uploaded pictures as they are kept in the database, shown, and deleted when nothing shows them."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.utils import timezone

from conference.models import Event, Partner, Picture
from conference.pictures.picture_files import PICTURE_SIDE, delete_unused_pictures, read_picture, store_picture
from registrations.operations import copy_event
from tests.factories import make_event, make_picture, make_uploaded_picture


@pytest.mark.django_db
def test_the_same_picture_twice_is_one_row():
    assert make_picture() == make_picture()
    assert make_picture(colour="#3d5a73") != make_picture()
    assert Picture.objects.count() == 2


@pytest.mark.django_db
def test_only_what_nothing_shows_is_deleted():
    shown, logo, _unused = make_picture(size=(9, 9)), make_picture(size=(8, 8)), make_picture(size=(7, 7))
    event = make_event(picture=shown)
    Partner.objects.create(event=event, name="Partner", picture=logo)
    delete_unused_pictures()
    assert set(Picture.objects.all()) == {shown, logo}
    event.refresh_from_db()
    assert event.picture == shown


@pytest.mark.django_db
def test_the_uploaded_logo_goes_before_the_file():
    event = make_event()
    both = Partner.objects.create(event=event, name="Both", logo="img/eu-emblem.svg", picture=make_picture())
    assert both.logo_url == f"/pictures/{both.picture.digest}.webp"
    assert Partner(logo="img/eu-emblem.svg").logo_url == "/static/img/eu-emblem.svg"
    assert Partner().logo_url == ""


def run_in_another_connection(work, *arguments):
    """What `work` returns, done as another request would do it."""

    def run():
        try:
            return work(*arguments)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(run).result(timeout=60)


@pytest.mark.django_db(transaction=True)
def test_a_picture_that_is_just_being_attached_is_not_deleted():
    picture, event = make_picture(), make_event()
    with transaction.atomic():
        event.picture = store_picture(read_picture(make_uploaded_picture(), side=PICTURE_SIDE))
        run_in_another_connection(delete_unused_pictures)
        event.save()
    assert Event.objects.get(pk=event.pk).picture == picture


@pytest.mark.django_db(transaction=True)
def test_a_picture_deleted_this_very_moment_is_stored_again():
    old = make_picture()
    asked, event = threading.Event(), make_event()

    def attach():
        with transaction.atomic():
            asked.set()
            event.picture = store_picture(read_picture(make_uploaded_picture(), side=PICTURE_SIDE))
            event.save()

    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            delete_unused_pictures()
            attached = thread.submit(lambda: (attach(), connection.close()))
            asked.wait(timeout=60)
        attached.result(timeout=60)
    event.refresh_from_db()
    assert (event.picture.digest, event.picture.pk == old.pk) == (old.digest, False)
    assert bytes(event.picture.content) == bytes(old.content)


@pytest.mark.django_db(transaction=True)
def test_a_picture_replaced_while_its_event_is_copied_stays_for_the_copy():
    event = make_event(picture=make_picture())
    started = threading.Event()

    def take_away():
        started.set()
        with transaction.atomic():
            Event.objects.get(pk=event.pk).save()  # as the admin does, whatever was changed
            Event.objects.filter(pk=event.pk).update(picture=None)
            delete_unused_pictures()
        connection.close()

    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            copy = copy_event(event, starts_at=timezone.now(), slug="copy")
            taken_away = thread.submit(take_away)
            started.wait(timeout=60)
        taken_away.result(timeout=60)
    assert Event.objects.get(pk=copy.pk).picture == event.picture
    assert Event.objects.get(pk=event.pk).picture is None


@pytest.mark.django_db
def test_a_picture_is_served_to_be_kept_for_ever_and_as_nothing_else(client):
    picture = make_picture()
    response = client.get(picture.get_absolute_url())
    assert response.status_code == 200
    assert response.content == bytes(picture.content)
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert set(response["Cache-Control"].split(", ")) == {"public", "max-age=31536000", "s-maxage=3600", "immutable"}
    assert not response.cookies
    again = client.get(picture.get_absolute_url(), headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.head(picture.get_absolute_url()).content == b""


@pytest.mark.django_db
@pytest.mark.parametrize("digest", ["0" * 64, "x", "%00"])
def test_a_picture_that_is_not_there_is_not_found(client, digest):
    assert client.get(f"/pictures/{digest}.webp").status_code == 404
    assert client.post(f"/pictures/{digest}.webp").status_code in (404, 405)


@pytest.mark.django_db
def test_the_pages_show_the_picture_with_what_it_shows(client):
    event = make_event(picture=make_picture(), picture_description={"lv": "Lasītava", "en": "A “reading” room"})
    Partner.objects.create(event=event, name="Partner", picture=make_picture(size=(40, 30)))
    content = client.get(f"/en/{event.slug}/").content.decode()
    logo = event.partners.get().picture
    assert f'src="{event.picture.get_absolute_url()}" alt="A “reading” room" width="64" height="36">' in content
    assert f'<img src="{logo.get_absolute_url()}" alt=""' in content

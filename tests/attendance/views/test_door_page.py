"""The shell of the check-in page, and the script that keeps it on the phone."""

import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from attendance.models import DoorDevice
from attendance.models.door_device import get_expiry, hash_token
from attendance.views.door_page import build_worker, list_files
from conference.module_storage import ModuleStorage
from registrations.permissions import HELPERS, STAFF
from tests.factories import make_event, make_registration, make_user, restrict_to_events

pytestmark = pytest.mark.django_db


def get_door(event) -> str:
    return reverse("attendance:door", args=[event.slug])


def pair(client, event, **values) -> DoorDevice:
    client.cookies["door_device"] = "secret"
    values = {"token_hash": hash_token("secret"), "expires_at": get_expiry(event), **values}
    return DoorDevice.objects.create(event=event, name="Phone", **values)


def test_only_the_check_in_page_may_use_the_camera(client):
    event = make_event()
    door = client.get(get_door(event))
    assert door.status_code == 200
    assert "camera=(self)" in door["Permissions-Policy"]
    assert "microphone=()" in door["Permissions-Policy"]
    for path in (event.get_absolute_url(), reverse("attendance:door_start")):
        assert "camera=()" in client.get(path)["Permissions-Policy"]


def test_only_the_check_in_page_may_have_workers_and_only_of_this_site(client):
    event = make_event()
    assert "worker-src 'self'" in client.get(get_door(event))["Content-Security-Policy"]
    assert "worker-src" not in client.get(event.get_absolute_url())["Content-Security-Policy"]


def test_the_shell_has_nobodys_data_and_is_the_same_for_all(client):
    event = make_event()
    registration = make_registration(event, first_name="Zuzanna")
    shell = client.get(get_door(event)).content
    pair(client, event)
    assert client.get(get_door(event)).content == shell
    client.force_login(make_user(is_superuser=True))
    assert client.get(get_door(event)).content == shell
    assert b"Zuzanna" not in shell
    assert registration.ticket_code.encode() not in shell
    assert registration.ticket_key.encode() not in shell


def test_no_other_cache_keeps_the_shell_and_no_search_engine_lists_it(client):
    response = client.get(get_door(make_event()))
    assert "no-store" in response["Cache-Control"]
    assert b'<meta name="robots" content="noindex">' in response.content


def test_an_unpublished_event_has_no_door(client):
    assert client.get(get_door(make_event(is_published=False))).status_code == 404


def test_a_cancelled_event_says_so(client):
    event = make_event()
    assert b"has been cancelled" not in client.get(get_door(event)).content
    event.cancelled_at = event.starts_at
    event.save()
    assert b"has been cancelled" in client.get(get_door(event)).content


def test_the_start_leads_a_paired_phone_to_its_event_only(client):
    event, other = make_event(), make_event()
    start = reverse("attendance:door_start")
    assert "not paired" in client.get(start).content.decode()
    device = pair(client, event)
    assert get_door(event) in client.get(start).content.decode()
    assert get_door(other) not in client.get(start).content.decode()
    device.revoked_at = device.paired_at
    device.save()
    assert "not paired" in client.get(start).content.decode()


def test_the_start_leads_helpers_to_the_events_that_they_see(client):
    event, other = make_event(), make_event()
    user = make_user(HELPERS)
    restrict_to_events(user, event)
    client.force_login(user)
    page = client.get(reverse("attendance:door_start")).content.decode()
    assert (get_door(event) in page, get_door(other) in page) == (True, False)


def test_the_start_leads_nobody_to_a_door_who_may_not_check_in(client):
    event = make_event()
    client.force_login(make_user(STAFF))
    assert get_door(event) not in client.get(reverse("attendance:door_start")).content.decode()


def test_the_worker_has_a_policy_of_its_own_and_is_asked_for_anew(client):
    response = client.get(reverse("attendance:door_worker"))
    assert response["Content-Type"] == "text/javascript"
    assert set(response["Content-Security-Policy"].split("; ")) == {"default-src 'none'", "connect-src 'self'"}
    assert "no-cache" in response["Cache-Control"]


def test_the_worker_keeps_every_script_of_the_page():
    """Also those that its scripts import."""
    names = set(list_files())
    folder = settings.BASE_DIR / "static"
    scripts = [folder / name for name in names if name.endswith(".js")]
    imported = {
        str((path.parent / found).resolve().relative_to(folder))
        for path in scripts
        for found in re.findall(r"""(?:from|import\()\s*["'](\.[^"']+)["']""", path.read_text(encoding="utf-8"))
    }
    assert "door/page.js" in names
    assert len(imported) > 5
    assert imported - names == set()


def test_another_file_makes_another_version_of_the_worker(tmp_path, monkeypatch, settings):
    settings.DEBUG = True
    before = build_worker()
    assert build_worker() == before
    for name in list_files():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((settings.BASE_DIR / "static" / name).read_bytes())
    monkeypatch.setattr("attendance.views.door_page.FOLDER", tmp_path)
    assert build_worker() == before
    (tmp_path / "door" / "page.js").write_text("changed")
    assert build_worker().splitlines()[0] != before.splitlines()[0]


def test_scripts_import_each_other_by_names_that_change_with_what_they_say(tmp_path):
    storage = ModuleStorage(location=tmp_path, base_url="/static/")
    names = [name for name in list_files() if name.endswith(".js")]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(settings.BASE_DIR / "static" / name, tmp_path / name)
    results = storage.post_process({name: (storage, name) for name in names})
    assert [result for _name, _hashed, result in results if result is not True] == []
    page = Path(storage.path(storage.stored_name("door/page.js"))).read_text(encoding="utf-8")
    assert re.search(r'from "\./crypto\.[0-9a-f]{12}\.js";', page)
    assert not re.search(r'from "\./\w+\.js"', page)

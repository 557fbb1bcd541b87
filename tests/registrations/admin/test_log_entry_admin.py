"""What the log says stays said: nobody edits it in the admin, and nobody takes it away with a user."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from registrations.permissions import ORGANISERS
from tests.factories import make_event, make_registration, make_user, restrict_to_events
from tests.registrations.admin.requests import get_first_page, get_page, post_export, read_download

pytestmark = pytest.mark.django_db

LOG_URL = reverse("admin:admin_logentry_changelist")
USERS_URL = reverse("admin:auth_user_changelist")


@pytest.fixture
def superuser(client):
    client.user = make_user(is_superuser=True)
    client.force_login(client.user)
    return client


def make_entry(user, row, said="Exported") -> LogEntry:
    kind = ContentType.objects.get_for_model(row)
    return LogEntry.objects.create(
        user=user, content_type=kind, object_id=row.pk, object_repr=str(row), action_flag=CHANGE, change_message=said
    )


def test_nobody_edits_the_log_not_even_a_superuser(superuser):
    make_registration(make_event())
    read_download(post_export(superuser))
    taken = LogEntry.objects.get()
    assert "Exported: table, CSV for Excel. Rows: 1." in get_page(superuser, LOG_URL)
    for name, arguments in (("add", []), ("delete", [taken.pk])):
        address = reverse(f"admin:admin_logentry_{name}", args=arguments)
        assert superuser.get(address).status_code == superuser.post(address, {"post": "yes"}).status_code == 403
    address = reverse("admin:admin_logentry_change", args=[taken.pk])
    assert 'type="submit"' not in get_page(superuser, address).partition("<main")[2]
    assert superuser.post(address, {"change_message": "nothing"}).status_code == 403
    assert "delete_selected" not in get_page(superuser, LOG_URL)
    superuser.post(LOG_URL, {"action": "delete_selected", "_selected_action": [taken.pk], "post": "yes"})
    assert LogEntry.objects.get().change_message == taken.change_message


def test_a_user_of_whom_the_log_speaks_is_not_deleted(superuser):
    staff, idle = make_user(), make_user()
    make_entry(staff, make_event())
    address = reverse("admin:auth_user_delete", args=[staff.pk])
    assert "your account doesn't have permission" in get_page(superuser, address).replace("&#x27;", "'").replace(
        "’", "'"
    )
    assert superuser.post(address, {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [staff.pk], "post": "yes"}
    assert superuser.post(USERS_URL, chosen).status_code == 403
    assert User.objects.filter(pk=staff.pk).exists()
    assert LogEntry.objects.filter(user=staff).exists()
    superuser.post(reverse("admin:auth_user_delete", args=[idle.pk]), {"post": "yes"})
    assert not User.objects.filter(pk=idle.pk).exists()


def test_who_is_limited_reads_of_their_own_events_alone(client):
    user, event, other = make_user(ORGANISERS), make_event(title="Ours"), make_event(title="Theirs")
    restrict_to_events(user, event)
    mine, of_person = (
        make_entry(user, event, "said of ours"),
        make_entry(user, make_registration(event), "said of a person"),
    )
    hidden = [
        make_entry(user, other, "HIDDEN"),
        make_entry(user, make_registration(other), "HIDDEN"),
        make_entry(user, user, "HIDDEN"),
    ]
    client.force_login(user)
    listed = get_page(client, LOG_URL)
    assert mine.change_message in listed
    assert of_person.change_message in listed
    assert "HIDDEN" not in listed
    for one in hidden:
        assert client.get(reverse("admin:admin_logentry_change", args=[one.pk])).status_code == 302
    start = get_first_page(client)
    assert "Ours" in start
    assert "Theirs" not in start


def test_nobody_lifts_their_own_limit(client):
    user = make_user(ORGANISERS)
    user.user_permissions.set(user.user_permissions.model.objects.filter(content_type__app_label="auth"))
    own_page = reverse("admin:auth_user_change", args=[user.pk])
    client.force_login(user)
    assert "limited_access-0-events" not in get_page(client, own_page)  # a right over users is none over limits
    restrict_to_events(user, make_event())
    assert client.get(own_page).status_code == client.get(USERS_URL).status_code == 403
    assert client.post(own_page, {"username": user.username, "is_superuser": "on"}).status_code == 403
    assert not User.objects.get(pk=user.pk).is_superuser


def test_a_superuser_limits_a_user_to_chosen_events(superuser):
    user, event = make_user(ORGANISERS), make_event()
    address = reverse("admin:auth_user_change", args=[user.pk])
    assert "limited_access-0-events" in get_page(superuser, address)
    form = {
        "username": user.username,
        "is_active": "on",
        "is_staff": "on",
        "date_joined_0": "2026-11-24",
        "date_joined_1": "10:00:00",
        "limited_access-TOTAL_FORMS": 1,
        "limited_access-INITIAL_FORMS": 0,
        "limited_access-0-user": user.pk,
        "limited_access-0-events": [event.pk],
    }
    assert superuser.post(address, form).status_code == 302
    assert list(User.objects.get(pk=user.pk).limited_access.events.all()) == [event]

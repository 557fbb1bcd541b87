"""Who must log in with two steps, from when on, and what becomes of it when the phone is lost."""

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.models import SecondFactorGrace
from accounts.second_factor import reset_second_factor, use_code
from registrations.models import OutgoingEmail
from tests.accounts.factors import add_app, add_codes, add_passkey, get_code, get_key
from tests.factories import make_event, make_user, restrict_to_events
from tests.registrations.admin.crawl import ARGUMENT, collect_admin_routes
from tests.registrations.concurrency.threads import run_at_once

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse"
# Where a page of the admin leads whoever may not see it: from the first of these to the page of the account.
CLOSED = ("/admin/login/", "/account/")
TOLD = "Please set up two-step log-in by"


@pytest.fixture
def _is_required(settings):
    settings.REQUIRE_TWO_FACTOR = True


def log_in(user) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.post("/account/log-in/", {"login": user.username, "password": PASSWORD})
    return client


@pytest.mark.usefixtures("_is_required")
@pytest.mark.parametrize("values", [{"is_superuser": True}, {"group": "Organisers"}])
def test_organisers_and_superusers_have_seven_days_from_their_first_log_in(values):
    user = make_user(**values)
    assert not SecondFactorGrace.objects.exists()
    assert TOLD in log_in(user).get("/admin/").content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=6, hours=23)):
        assert log_in(user).get("/admin/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=1)):
        client = log_in(user)
        response = client.get("/admin/registrations/registration/", follow=True)
        assert response.request["PATH_INFO"] == "/account/"
        assert "Set it up here to use the admin site again." in response.content.decode()
        assert client.post("/admin/registrations/registration/export/").status_code == 302
        assert client.get("/account/app/", follow=True).status_code == 200
        assert client.post("/account/log-out/")["Location"] == "/account/log-in/"
    add_passkey(user)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        client.force_login(user)
        response = client.get("/admin/")
        assert response.status_code == 200
        assert TOLD not in response.content.decode()


@pytest.mark.usefixtures("_is_required")
def test_every_page_of_the_admin_is_closed_after_that(client):
    user = make_user(is_superuser=True)
    SecondFactorGrace.objects.create(user=user)
    SecondFactorGrace.objects.update(began_at=timezone.now() - timedelta(days=8))
    client.force_login(user)
    assert client.get(make_event(is_published=False).get_absolute_url()).status_code == 404
    routes = collect_admin_routes()
    assert len(routes) > 80
    for route in routes:
        path = f"/admin/{ARGUMENT.sub('1', route)}"
        for response in (client.get(path), client.post(path)):
            is_closed = response.status_code == 302 and response["Location"].startswith(CLOSED)
            assert is_closed or response.status_code == 404, path


@pytest.mark.usefixtures("_is_required")
def test_whoever_removes_the_second_step_has_no_other_seven_days():
    user = make_user(is_superuser=True)
    SecondFactorGrace.objects.create(user=user)
    SecondFactorGrace.objects.update(began_at=timezone.now() - timedelta(days=30))
    add_app(user)
    add_codes(user)
    client = Client()
    client.force_login(user)
    assert client.get("/admin/").status_code == 200
    user.authenticator_set.filter(type="totp").delete()  # recovery codes alone are none
    assert client.get("/admin/", follow=True).request["PATH_INFO"] == "/account/"


@pytest.mark.usefixtures("_is_required")
@pytest.mark.parametrize("group", ["Staff", "Helpers", None])
def test_others_may_do_without(group):
    client = log_in(make_user(group))
    assert not SecondFactorGrace.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(hours=11)):
        response = client.get("/admin/")
        assert response.status_code == 200
        assert TOLD not in response.content.decode()


def test_where_it_is_not_required_nobody_is_told():
    user = make_user(is_superuser=True)
    assert TOLD not in log_in(user).get("/admin/").content.decode()
    assert not SecondFactorGrace.objects.exists()


RESET = "/admin/auth/user/{}/reset-second-factor/"


@pytest.fixture
def owner():
    """Somebody with a second factor."""
    user = make_user("Organisers", email="owner@example.lv")
    add_app(user)
    add_codes(user)
    return user


def test_a_superuser_resets_the_second_step_of_another_and_both_can_see_it(client, owner):
    superuser = make_user(is_superuser=True)
    client.force_login(superuser)
    page = f"/admin/auth/user/{owner.pk}/change/"
    assert RESET.format(owner.pk) in client.get(page).content.decode()
    assert client.get(RESET.format(owner.pk)).status_code == 200
    assert owner.authenticator_set.count() == 2
    assert client.post(RESET.format(owner.pk))["Location"] == page
    assert owner.authenticator_set.count() == 0
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (superuser, str(owner.pk))
    assert entry.get_change_message() == "Two-step log-in was reset."
    email = OutgoingEmail.objects.get()
    assert (email.kind, email.to) == ("factor_reset", "owner@example.lv")
    assert RESET.format(owner.pk) not in client.get(page).content.decode()
    client.post(RESET.format(owner.pk))  # there is nothing to reset
    assert (LogEntry.objects.count(), OutgoingEmail.objects.count()) == (1, 1)
    assert log_in(owner).get("/admin/").status_code == 200


def test_the_lost_phone_is_logged_out_by_a_reset_and_nobody_else_is(owner):
    key = get_key(owner)
    phone, other = log_in(owner), log_in(make_user("Organisers"))
    assert phone.post("/account/log-in/code/", {"code": get_code(key)}).status_code == 302
    assert phone.get("/admin/").status_code == 200
    reset_second_factor(owner)
    assert phone.get("/admin/").status_code == 302
    assert phone.get("/account/").status_code == 302
    assert other.get("/admin/").status_code == 200
    assert UserSession.objects.filter(user=owner).count() == 0


def test_nobody_else_resets_it(client, owner):
    manager = make_user("Organisers")
    manager.user_permissions.set(Permission.objects.filter(content_type__model="user"))
    limited = make_user(is_superuser=False)
    limited.user_permissions.set(Permission.objects.all())
    restrict_to_events(limited, make_event())
    himself = make_user(is_superuser=True)
    add_app(himself)
    for user, whose in ((manager, owner), (limited, owner), (make_user("Organisers"), owner), (himself, himself)):
        client.force_login(user)
        for response in (client.get(RESET.format(whose.pk)), client.post(RESET.format(whose.pk))):
            assert response.status_code in (403, 404), user
        assert RESET.format(whose.pk) not in client.get(f"/admin/auth/user/{whose.pk}/change/").content.decode()
    client.logout()
    assert client.post(RESET.format(owner.pk))["Location"].startswith("/admin/login/")
    assert owner.authenticator_set.count() == 2
    assert himself.authenticator_set.count() == 1


def test_the_last_superuser_is_helped_by_a_command(owner, capsys):
    call_command("reset_second_factor", owner.username)
    assert capsys.readouterr().out == f"{owner.username} now logs in with the password alone; removed: 2.\n"
    assert owner.authenticator_set.count() == 0
    with pytest.raises(CommandError, match="There is no user 'nobody'"):
        call_command("reset_second_factor", "nobody")


def test_the_admin_shows_no_secret_of_anybody(client, owner):
    client.force_login(make_user(is_superuser=True))
    for path in ("mfa/authenticator", "usersessions/usersession", "account/emailaddress"):
        assert client.get(f"/admin/{path}/").status_code == 404


def test_changes_are_told_by_e_mail(client, owner, django_capture_on_commit_callbacks):
    reset_second_factor(owner)
    client.force_login(owner)
    client.post("/account/confirm/?next=/account/app/", {"password": PASSWORD})
    client.get("/account/app/")
    passwords = {"old_password": PASSWORD, "new_password1": "n3w-pass-word", "new_password2": "n3w-pass-word"}
    steps = [("app/", {"code": get_code(client.session["mfa.totp.secret"])}), ("codes/new/", {}), ("app/remove/", {})]
    for path, form in [*steps, ("password/", passwords)]:
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(f"/account/{path}", form).status_code == 302
    kinds = list(OutgoingEmail.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["factor_reset", "factor_added", "recovery_codes", "factor_removed", "password_changed"]
    assert set(OutgoingEmail.objects.values_list("to", flat=True)) == {"owner@example.lv"}


@pytest.mark.django_db(transaction=True)
def test_of_two_processes_one_accepts_a_code():
    user = make_user()
    add_app(user)
    app = user.authenticator_set.get()
    accepted = run_at_once(lambda code: use_code(app, code), ["123456", "123 456", "123-456", "123456"])
    assert sorted(accepted) == [False, False, False, True]


@pytest.mark.usefixtures("_is_required")
def test_the_days_begin_for_who_was_logged_in_before_they_were_needed():
    user = make_user()
    client, start = log_in(user), timezone.now()
    user.is_superuser = True
    user.save()
    for days, status in ((0, 200), (6, 200), (8, 302)):
        with time_machine.travel(start + timedelta(days=days)):
            client.force_login(user)  # as by using the session every few hours
            assert client.get("/admin/").status_code == status, days


def test_a_superusers_own_password_is_changed_with_the_present_one(client):
    user = make_user(is_superuser=True)
    client.force_login(user)
    new = {"usable_password": "true", "password1": "another-Horse-77", "password2": "another-Horse-77"}
    for pk in (user.pk, f"0{user.pk}"):
        response = client.post(f"/admin/auth/user/{pk}/password/", new)
        assert response["Location"] == "/account/password/"
    user.refresh_from_db()
    assert user.check_password("correct horse")
    other = make_user()
    assert client.post(f"/admin/auth/user/{other.pk}/password/", new).status_code == 302
    other.refresh_from_db()
    assert other.check_password("another-Horse-77")


def test_who_gets_a_password_from_a_superuser_is_told_by_e_mail(client, owner):
    client.force_login(make_user(is_superuser=True))
    page = f"/admin/auth/user/{owner.pk}/password/"
    new = {"usable_password": "true", "password1": "another-Horse-77", "password2": "another-Horse-77"}
    assert client.post(page, new | {"password2": "another-Horse-7"}).status_code == 200  # they differ
    assert client.post(page, new | {"usable_password": "false"})["Location"] == page  # and so do form and button
    assert not OutgoingEmail.objects.exists()
    assert client.post(page, new).status_code == 302
    assert client.post(page, {"usable_password": "false", "unset-password": "x"}).status_code == 302
    email = OutgoingEmail.objects.get()
    assert (email.kind, email.to) == ("password_changed", "owner@example.lv")

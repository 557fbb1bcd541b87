"""The stock lists of users and groups."""

import pytest
from django.contrib.auth.models import Group, User

from tests.factories import make_user

pytestmark = pytest.mark.django_db

LISTS = ["/admin/auth/user/", "/admin/auth/group/"]


@pytest.fixture
def superuser(client):
    client.force_login(make_user(is_superuser=True))
    return client


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("chosen", ["abc", "\x00", "1 OR 1", "9" * 30])
def test_nonsense_instead_of_rows_is_refused(superuser, address, chosen):
    users, groups = User.objects.count(), Group.objects.count()
    nonsense = {"action": "delete_selected", "_selected_action": [chosen], "post": "yes"}
    assert superuser.post(address, nonsense).status_code == 400
    assert (User.objects.count(), Group.objects.count()) == (users, groups)


def test_rows_that_are_chosen_are_deleted(superuser):
    for address, row in zip(LISTS, [make_user(), Group.objects.create(name="Gone")], strict=True):
        chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        assert superuser.post(address, chosen).status_code == 302
        assert not type(row).objects.filter(pk=row.pk).exists()

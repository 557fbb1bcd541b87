import pytest
from django.test import Client

from conference.models import Event
from registrations.permissions import ORGANISERS
from tests.factories import make_event, make_user
from tests.registrations.admin.events.test_copy_view import copy_url
from tests.registrations.concurrency.threads import run_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_button_that_is_pressed_several_times_at_once_copies_once():
    event, user = make_event(), make_user(ORGANISERS)

    def press(_number):
        client = Client()
        client.force_login(user)
        return client.post(copy_url(event), {"day": "2027-06-12", "slug": "summer"}).status_code

    assert sorted(run_at_once(press, range(4))) == [200, 200, 200, 302]
    assert Event.objects.filter(slug="summer").count() == 1

"""Takes the pictures of the guide for organisers, of people that do not exist: `make guide-pictures`.

Into static/guide/, one for each language. Not among the tests: they hold that the guide has its pictures.
"""

import io

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from PIL import Image

from attendance.models import Door
from conference.models import Event
from registrations import operations
from registrations.question_templates import QUESTION_TEMPLATES
from sample_data.generator import make_registrations
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)

FOLDER = settings.BASE_DIR / "static" / "guide"
WIDTH, HEIGHT = 1366, 700
SHOWN_WIDTH = 1100  # of the picture
PAGES = {
    "new": "conference/event/add/",
    "texts": "conference/event/{event}/settings/texts/",
    "colleague": "accounts/colleague/add/",
    "overview": "conference/event/{event}/overview/",
    "questions": "registrations/question/?event={event}",
    "people": "registrations/registration/?event={event}",
    "person": "registrations/registration/{person}/change/",
    "write": "registrations/mailing/add/?event={event}&status__exact=confirmed",
    "export": "registrations/registration/export/?event={event}",
    "door": "attendance/checkin/door/{event}/",
}


@pytest.fixture
def event():
    """The sample conference, with people and an entrance, published and full."""
    call_command("load_conference", verbosity=0)
    event = Event.objects.get()
    event.capacity = 120
    event.save()
    make_registrations(event, 140)
    event.registrations.update(internal_note="")
    for template in QUESTION_TEMPLATES[:5]:
        operations.add_question_template(event, template)
    Door.objects.create(event=event, name="A")
    return event


def log_in_as_organiser(language: str) -> tuple[dict, ...]:
    client = Client()
    client.force_login(make_user(first_name="Anna", is_superuser=True))
    values = {
        settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value,
        settings.LANGUAGE_COOKIE_NAME: language,
    }
    return tuple({"name": name, "value": value, "domain": "localhost", "path": "/"} for name, value in values.items())


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_take_pictures(open_page, event, language):
    person = event.registrations.filter(status="confirmed").first()
    page = open_page("/admin/", width=WIDTH, cookies=log_in_as_organiser(language), locale=language)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    for name, path in PAGES.items():
        page.goto(f"/admin/{path.format(event=event.pk, person=person.pk)}")
        page.wait_for_load_state("networkidle")
        save_picture(page.screenshot(), FOLDER / language / f"{name}.webp")


def save_picture(screenshot: bytes, path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(io.BytesIO(screenshot)) as image:
        height = image.height * SHOWN_WIDTH // image.width
        image.convert("RGB").resize((SHOWN_WIDTH, height), Image.Resampling.LANCZOS).save(path, quality=60, method=6)

"""Dates stand in sentences as each language asks for them, by the clock of the place."""

from datetime import UTC, datetime

import pytest
import time_machine

from registrations.mail import content
from registrations.models import OutgoingEmail
from tests.factories import make_event, make_registration
from tests.reading import read

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 9, 1, 12, tzinfo=UTC)
UNTIL = datetime(2027, 9, 17, 20, 59, tzinfo=UTC)  # in Riga it is 23:59
DAY = {"starts_at": datetime(2027, 9, 19, 7, tzinfo=UTC), "ends_at": datetime(2027, 9, 19, 14, tzinfo=UTC)}


@pytest.fixture(autouse=True)
def _a_day_in_september():
    with time_machine.travel(NOW, tick=False):
        yield


def said(client, path: str) -> str:
    """All that the page says, as one line."""
    return " ".join(one.text for one in read(client.get(path).content.decode()))


@pytest.mark.parametrize(
    ("values", "latvian", "english"),
    [
        (
            {"registration_closes_at": UNTIL},
            "Reģistrācija ir atvērta līdz 2027. gada 17. septembrim plkst. 23:59.",
            "Registration is open until 17 September 2027, 23:59.",
        ),
        (
            {"registration_opens_at": UNTIL},
            "Reģistrācijas sākums: piektdiena, 2027. gada 17. septembris, 23:59.",
            "Registration opens: Friday, 17 September 2027, 23:59.",
        ),
        (
            {},
            "svētdiena, 2027. gada 19. septembris, 10:00–17:00 (pēc Rīgas laika)",
            "Sunday, 19 September 2027, 10:00–17:00 (Riga time)",
        ),
    ],
)
def test_the_events_page(client, values, latvian, english):
    event = make_event(**DAY, **values)
    assert latvian in said(client, f"/lv/{event.slug}/")
    assert english in said(client, f"/en/{event.slug}/")


@pytest.mark.parametrize(
    ("page", "person", "latvian", "english"),
    [
        (
            "",
            {"status": "pending", "hold_until": UNTIL},
            "Vēl nav apstiprināta: vieta Jums ir paturēta līdz 2027. gada 17. septembrim plkst. 23:59.",
            "Not confirmed yet: your place is held until 17 September 2027, 23:59.",
        ),
        (
            "confirm/",
            {"status": "pending", "hold_until": UNTIL},
            "Vieta Jums ir paturēta līdz 2027. gada 17. septembrim plkst. 23:59. Nospiediet pogu, lai to apstiprinātu.",
            "A place is held for you until 17 September 2027, 23:59. Press the button to confirm it.",
        ),
        (
            "",
            {"status": "cancelled", "hold_until": NOW},
            "Vieta netika apstiprināta līdz 2027. gada 1. septembrim plkst. 15:00, tāpēc tā ir atbrīvota.",
            "Your place was not confirmed by 1 September 2027, 15:00, so it has been released.",
        ),
        (
            "",
            {},
            "Datus varat mainīt līdz 2027. gada 17. septembrim plkst. 23:59.",
            "You can change your details until 17 September 2027, 23:59.",
        ),
    ],
)
def test_a_persons_pages(client, page, person, latvian, english):
    registration = make_registration(make_event(**DAY, changes_until=UNTIL), **person)
    assert latvian in said(client, f"/lv/r/{registration.manage_token}/{page}")
    assert english in said(client, f"/en/r/{registration.manage_token}/{page}")


@pytest.mark.parametrize("kind", [OutgoingEmail.Kind.CONFIRM, OutgoingEmail.Kind.PROMOTED])
def test_a_message_about_a_held_place(kind):
    event = make_event(**DAY)
    registration = make_registration(event, "pending", hold_until=UNTIL)
    for language, expected in (
        ("lv", "Vieta Jums ir paturēta līdz 2027. gada 17. septembrim plkst. 23:59. Lai to saglabātu,"),
        ("en", "A place is held for you until 17 September 2027, 23:59. To keep it,"),
    ):
        words = content.render_email(OutgoingEmail(registration=registration, kind=kind, language=language))
        assert expected in words.text
        assert expected in words.html

"""Pages that people read."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from conference.models import Venue
from tests.factories import make_event, make_picture
from tests.latvian import latvian_event
from tests.pages.steps import by_organiser, opening
from tests.realistic import both, conference, days


def soon() -> dict:
    return {"registration_opens_at": timezone.now() + timedelta(days=3)}


def bare():
    name = both("Bibliotēku nozares pārkvalifikācijas konference", "A conference")
    return make_event(title=name, venue=Venue.objects.create(name="Bibliotēka", street="Brīvības iela 1", city="Rīga"))


def cancelled():
    note = both("Zāle ir applūdusi. Jaunu datumu paziņosim janvārī.", "The hall is flooded. A new date follows.")
    return conference(cancelled_at=timezone.now(), cancellation_note=note)


def with_pictures():
    event = conference(
        picture=make_picture(size=(1600, 900)),
        picture_description=both("Bibliotēkas lasītava rīta gaismā", "The reading room in the morning"),
    )
    event.partners.update(picture=make_picture(size=(480, 160), colour="#204060"))
    return event


def statement(open):
    conference()
    return open(reverse("conference:accessibility"))


def several() -> None:
    conference()
    make_event(title=both("Mūžizglītības nedēļas atklāšana", "Opening of Lifelong Learning Week"), **days(800))
    make_event(title=both("Bibliotekāru vasaras skola", "Librarians' summer school"), **days(-90))


def home(open):
    return open(reverse("conference:home"))


def home_with_others(open):
    several()
    return home(open)


EVENTS = {
    "open": conference,
    "few_places_left": lambda: conference(capacity=11, taken=10),
    "not_yet_open": lambda: conference(**soon()),
    "closed": lambda: conference(registration_closes_at=timezone.now() - timedelta(days=1)),
    "full": lambda: conference(capacity=1, taken=1, waiting_list_enabled=False),
    "waiting_list": lambda: conference(capacity=1, taken=1),
    "organisers_choose": lambda: conference(capacity=1, taken=1, promotes_automatically=False),
    "over": lambda: conference(**days(-30)),
    "cancelled": cancelled,
    "with_nothing_optional": bare,
    "with_pictures": with_pictures,
    "in_one_language": latvian_event,
}
PAGES = {f"event_{state}": opening("conference:event", make) for state, make in EVENTS.items()} | {
    "event_preview": by_organiser(opening("conference:event", lambda: conference(is_published=False))),
    "home_with_others": home_with_others,
    "home_with_none": home,
    "ticket": lambda open: open(reverse("attendance:ticket", args=["0123456789ABCDEFGHJK"])),
    "privacy": opening("conference:privacy", conference),
    "privacy_without_text": opening("conference:privacy", lambda: conference(privacy_notice="")),
    "accessibility": statement,
    "accessibility_without_text": lambda open: open(reverse("conference:accessibility")),
}

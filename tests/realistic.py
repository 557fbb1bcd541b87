"""The conference that the site was made for, with everything filled in: long words, needs, questions of each kind."""

from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone

from conference.models import Event
from registrations import operations
from registrations.models import Registration
from registrations.question_templates import QUESTION_TEMPLATES
from tests.factories import make_choice, make_question, make_registration

ACCESS = {
    "lv": "Ieeja ir bez sliekšņiem, visos stāvos ved lifts.\n\n"
    "- Indukcijas cilpa Ziedoņa zālē\n- Ratiņkrēsliem piemērotas labierīcības katrā stāvā",
    "en": "The entrance has no steps, and lifts go to every floor.\n\n"
    "- An induction loop in the Ziedonis hall\n- Toilets for wheelchair users on every floor",
}
WHO = {
    "first_name": "Annemarija Katrīna",
    "last_name": "Dzelzkalēja-Vispārizglītojošā",
    "organisation": "Ziemeļaustrumvidzemes starpnovadu mūžizglītības un pārkvalifikācijas konsultāciju centrs",
    "job_title": "vispārizglītojošo izglītības iestāžu bibliotēku darba metodiskās vadības speciāliste",
    "country": "LV",
    "sector": "lifelong_learning",
}
ANSWERS = {
    "organisation_type": "other",
    "organisation_type_other": "Brīvprātīgo bibliotekāru biedrība",
    "dietary_needs": ["vegetarian", "gluten_free"],
    "photo_consent": True,
    "workshop": "talking",
    "lunch": True,
    "arrival": "2027-09-18",
    "guests": 2,
    "wishes": "Vēlos satikt kolēģus no Igaunijas.\nUn no Lietuvas.",
}


def both(latvian: str, english: str) -> dict[str, str]:
    return {"lv": latvian, "en": english}


def conference(*, taken: int = 0, **values) -> Event:
    """The example conference with a venue that tells how to get in; `taken` of its places are."""
    call_command("load_conference", verbosity=0)
    event = Event.objects.get()
    event.venue.accessibility = ACCESS
    event.venue.save()
    for name, value in values.items():
        setattr(event, name, value)
    event.save()
    for _number in range(taken):
        make_registration(event)
    return Event.objects.get()


def days(number: float) -> dict:
    """The times of an event that starts in `number` days, or started so many days ago."""
    starts_at = timezone.now() + timedelta(days=number)
    return {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=7), "registration_closes_at": None}


def ask_everything(event: Event) -> None:
    """Questions of each kind: required, conditional, with a choice that is full."""
    for ready in QUESTION_TEMPLATES:
        operations.add_question_template(event, ready)
    workshop = make_question(
        event, "workshop", kind="one_of", is_required=True, label=both("Pēcpusdienas darbnīca", "Afternoon workshop")
    )
    make_choice(workshop, "weaving", label=both("Tautastērpu jostu aušana", "Weaving belts"), limit=1)
    make_choice(workshop, "talking", label=both("Pieredzes apmaiņa", "Sharing experience"))
    make_registration(event, answers={"workshop": "weaving"})
    make_question(
        event,
        "lunch",
        kind="yes_no",
        is_required=True,
        label=both("Vai paliksiet uz kopīgajām pusdienām?", "Will you stay for lunch together?"),
        help_text=both("Pusdienas ir bez maksas.", "Lunch is free of charge."),
    )
    make_question(event, "arrival", kind="date", label=both("Ierašanās diena", "Day of arrival"))
    make_question(event, "guests", kind="number", label=both("Cik cilvēku nāks Jums līdzi?", "How many come with you?"))
    make_question(event, "wishes", kind="long_text", label=both("Ko vēlaties mums pateikt?", "What should we know?"))


def somebody(status: str = "confirmed", event: Event | None = None, **values) -> Registration:
    """Somebody with long names who has answered everything that the conference asks."""
    event = event or conference()
    ask_everything(event)
    registration = make_registration(event, status, **{**WHO, "email": "annemarija@example.lv", **values})
    registration.answers = ANSWERS
    registration.save()
    registration.topics.set(event.topics.all())
    return registration

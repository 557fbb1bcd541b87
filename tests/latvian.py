"""A conference whose organisers write Latvian only, with a text in every place that has one."""

from conference.models import Event, Partner, Venue
from registrations.models import EmailParagraph, Question
from registrations.models.outgoing_email import PARAGRAPH_KINDS
from tests.factories import make_choice, make_event, make_question, make_topic


def latvian(text: str) -> dict[str, str]:
    return {"lv": text}


def latvian_event(**values) -> Event:
    """Every text of it has a word of its own, so that a test finds each."""
    venue = Venue.objects.create(
        name=latvian("Gaismas pils"),
        street="Mūkusalas iela 3",
        city=latvian("Pārdaugava"),
        directions=latvian("Pāri *Akmens* tiltam."),
        accessibility=latvian("Ieeja bez sliekšņa."),
    )
    event = make_event(
        title=latvian("Lasītprieks"),
        venue=venue,
        summary=latvian("Īsumā par lasīšanu."),
        description=latvian("Plašāk par *lasīšanu*."),
        working_language=latvian("latviešu"),
        confirmation_note=latvian("Ņemiet līdzi grāmatu."),
        privacy_notice=latvian("Datus neglabājam."),
        **values,
    )
    make_topic(event, latvian("Grāmatu klubi"), description=latvian("Kā sākt."))
    Partner.objects.create(
        event=event, name=latvian("Lasītāju biedrība"), funding_statement=latvian("Atbalsta lasītāji.")
    )
    ask_in_latvian(event)
    for kind, _label in PARAGRAPH_KINDS:
        EmailParagraph.objects.create(event=event, kind=kind, text=latvian("Uz drīzu lasīšanu!"))
    return event


def ask_in_latvian(event: Event) -> Question:
    """A question with choices, one of which is full, and another that depends on it; returns the first."""
    lunch = make_question(
        event, "lunch", kind="several_of", label=latvian("Pusdienas"), help_text=latvian("Bez maksas.")
    )
    make_choice(lunch, "soup", label=latvian("Zupa"))
    make_choice(lunch, "fish", label=latvian("Zivs"), limit=1)
    make_question(event, "which", label=latvian("Kāda zupa?"), shown_if=lunch, shown_if_answer="soup")
    return lunch

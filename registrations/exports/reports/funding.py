"""The sentences that funders ask for on everything that an event prints."""

from conference.models import Event, Partner


def get_funding_lines(event: Event) -> list[str]:
    """Each funder's name and the sentence that it asks for, in the active language. One query."""
    partners = Partner.objects.filter(event=event)
    return [
        f"{partner.name}: {statement}" for partner in partners if (statement := str(partner.funding_statement).strip())
    ]

"""The PDF of badges."""

import io
import json
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import get_language, override

from attendance.badges.badge_colours import BLACK, choose_ink
from attendance.badges.badge_layouts import LAYOUTS, BadgeLayout
from attendance.models import HAS_PRINTED_BADGE, BadgeRole
from conference.models import Event
from registrations.exports.file_formats import ExportFile
from registrations.models import Registration, RegistrationQuerySet
from registrations.tickets.ticket_qr import build_ticket_url, render_svg

# The only folder that typst can read: it holds nothing but the layout.
FOLDER = Path(__file__).parent / "typst"
FONTS = settings.BASE_DIR / "static" / "vendor" / "literata-5.3.0"
COLUMNS = ["first_name", "last_name", "organisation", "language", "reference"]


class BadgeOptions(NamedTuple):
    """What the badges have: `blanks` is how many without a name come after the others."""

    layout: str = "a7-sheet"
    has_qr: bool = True
    is_two_sided: bool = False
    has_picture: bool = False
    blanks: int = 0


def list_people(
    event: Event, registrations: RegistrationQuerySet, *, has_place: bool = True, is_new: bool = False
) -> list[Registration]:
    """Return those of `registrations` at `event` who get badges, in the order of the Latvian alphabet.

    If `has_place`, only those with a place; if `is_new`, only those whose badge has not been printed yet.
    """
    people = registrations.filter(event=event).not_erased().order_by("sort_name", "pk")
    if has_place:
        people = people.occupying_place()
    if is_new:
        people = people.exclude(HAS_PRINTED_BADGE)
    return list(people.select_related("badge").only(*COLUMNS, "ticket_code", "badge__role"))


def write_badges(event: Event, people: list[Registration], options: BadgeOptions) -> ExportFile:
    """The PDF, in the order of `people`, whom `list_people` returned for this event."""
    sheet = collect_badges(event, people, options)
    picture = event.picture.content if sheet["has_picture"] else None
    columns = [*COLUMNS, *["ticket_code"] * options.has_qr]
    return ExportFile(io.BytesIO(typeset(sheet, picture)), len(sheet["badges"]), columns)


def typeset(sheet: dict, picture: bytes | None = None) -> bytes:
    import typst  # few requests need it, and it is large

    # Passed as data and not as source, so that nothing that was typed becomes markup.
    inputs = {"sheet": json.dumps(sheet)}
    if picture is not None:
        inputs["picture"] = json.dumps(list(bytes(picture)))
    # It is only printed: tags for screen readers would make it three times as large.
    return typst.compile(FOLDER / "badges.typ", root=FOLDER, font_paths=[FONTS], sys_inputs=inputs, pdf_tags=False)


def collect_badges(event: Event, people: list[Registration], options: BadgeOptions) -> dict:
    """Return all that the PDF shows. What a badge says is in the language of its person."""
    layout, roles = LAYOUTS[options.layout], BadgeRole.objects.list_or_create(event)
    keys = [(language, role) for language in dict(settings.LANGUAGES) for role in roles]
    numbers = {(language, role.pk): number for number, (language, role) in enumerate(keys)}
    numbers |= {(language, None): numbers[language, roles[0].pk] for language in dict(settings.LANGUAGES)}
    badges = [make_badge(person, numbers, has_qr=options.has_qr) for person in people]
    blank = {"face": numbers[get_language(), None], "is_blank": True, "qr": None}
    return {
        "title": str(event.title),
        "layout": {name: value for name, value in layout._asdict().items() if name != "title"},
        "is_two_sided": options.is_two_sided and not layout.is_label,
        "has_picture": options.has_picture and event.picture_id is not None,
        "faces": [make_face(event, role, language, layout) for language, role in keys],
        "badges": [*badges, *[blank] * options.blanks],
    }


def make_face(event: Event, role: BadgeRole, language: str, layout: BadgeLayout) -> dict:
    """Return what all badges of a role and a language say."""
    fill = BLACK if layout.is_label else role.colour
    with override(language):
        title, word = str(event.title), str(role.word)
    return {"language": language, "title": title, "word": word, "fill": fill, "ink": choose_ink(fill)}


def make_badge(person: Registration, faces: dict[tuple, int], *, has_qr: bool) -> dict:
    """Return what is the person's own, and which face it has: of the first role, if the person has none."""
    role = person.badge.role_id if hasattr(person, "badge") else None
    return {
        "face": faces[person.language, role],
        "is_blank": False,
        "first": " ".join(person.first_name.split()),
        "last": " ".join(person.last_name.split()),
        "organisation": " ".join(person.organisation.split()),
        "reference": person.reference,
        "qr": render_svg(build_ticket_url(person.ticket_code)) if has_qr else None,
    }

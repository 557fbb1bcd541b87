"""Badges as a printer gets them: whose, in which order, and that no letter leaves its badge."""

import time

import pytest
from django.utils import translation

from attendance.badges.badge_colours import BLACK, WHITE, choose_ink, compute_contrast
from attendance.badges.badge_layouts import LAYOUTS
from attendance.badges.badge_sheets import FOLDER, BadgeOptions, collect_badges, list_people, typeset, write_badges
from attendance.models import Badge, BadgeRole
from registrations.models import Registration
from registrations.tickets.ticket_qr import build_ticket_url, make_qr
from tests.attendance.badges.printed_badges import PIXELS_PER_MM, read_pages, read_picture, split_badges
from tests.factories import make_event, make_picture, make_registration

pytestmark = pytest.mark.django_db

SIXTY = "Vecbērziņkalniņa-Zvirgzdiņliepkalna-Ozoliņbirzgaļkrastmanis"
HARD_NAMES = [
    ("Maksimiliāna Aleksandra", SIXTY),
    ("O", "E"),
    ("Jānis Kārlis", "Krūmiņš"),
    ("", "Madonna"),
    ("Madonna", ""),
    ("ليلى", "الفاسي الفهري"),
    ("X" * 100, "Y" * 100),
    ("小明", "王"),
]
STEPS = range(0, 256, 15)
LONG_ORGANISATION = "Mūžizglītības un kvalifikācijas pilnveides nodaļas attālināto pakalpojumu sektors " * 2


def write(event, people=None, language="en", **options) -> bytes:
    people = list_people(event, Registration.objects.all()) if people is None else people
    with translation.override(language), write_badges(event, people, BadgeOptions(**options)).file as file:
        return file.read()


def make_hard_people(event) -> None:
    for number, (first, last) in enumerate(HARD_NAMES):
        organisation = [LONG_ORGANISATION, "", "W" * 200][number % 3]
        make_registration(event, first_name=first, last_name=last, organisation=organisation)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("has_qr", [True, False])
def test_no_word_leaves_its_badge(layout, has_qr):
    event = make_event(title="Bibliotēkas – spēcīgas partneres mūžizglītības projektu rezultātu popularizēšanā " * 2)
    make_hard_people(event)
    BadgeRole.objects.list_or_create(event)
    BadgeRole.objects.filter(event=event, position=0).update(word="Brīvprātīgo kustības koordinatoru palīgs " * 2)
    pages = split_badges(write(event, layout=layout, has_qr=has_qr), layout)
    badges = [" ".join(words) for page in pages for words in page if words]
    assert len(badges) == len(HARD_NAMES)
    for words in ("Maksimiliāna", "Krūmiņš", "Madonna", "小明"):
        assert sum(words in badge for badge in badges) == (2 if words == "Madonna" else 1)
    [sixty] = [badge.replace(" ", "") for badge in badges if "Maksimiliāna" in badge]
    assert SIXTY in sixty
    assert sum("…" in badge for badge in badges) >= 4  # the organisations


def test_a_sheet_has_eight_in_the_order_of_the_latvian_alphabet():
    event = make_event()
    names = ["Azars", "Āboliņš", "Cers", "Čakste", "Gulbis", "Ģērmanis", "Šmite", "Ūdris", "Žagars"]
    for name in reversed(names):
        make_registration(event, first_name="Anna", last_name=name)
    first, second = split_badges(write(event), "a7-sheet")
    found = [next(word for word in words if word in names) for words in first]
    assert found == names[:8]
    assert "Žagars" in second[0]
    assert [bool(words) for words in second] == [True] + 7 * [False]


def test_only_people_of_the_event_who_have_a_place_get_one():
    event = make_event()
    make_registration(event, last_name="Here")
    make_registration(event, "pending", last_name="Held")
    for status in ("waitlisted", "cancelled"):
        make_registration(event, status, last_name=status)
    erased = make_registration(event, last_name="Erased")
    Registration.objects.filter(pk=erased.pk).update(erased_at=erased.created_at)
    make_registration(make_event(), last_name="Elsewhere")
    everybody = Registration.objects.all()
    assert [person.last_name for person in list_people(event, everybody)] == ["Held", "Here"]
    asked_for = list_people(event, everybody, has_place=False)
    assert [person.last_name for person in asked_for] == ["cancelled", "Held", "Here", "waitlisted"]


def test_who_has_no_role_has_the_first_and_words_are_in_the_language_of_the_person():
    event = make_event(title={"lv": "Bibliotēkas", "en": "Libraries"})
    _participant, speaker, *_others = BadgeRole.objects.list_or_create(event)
    Badge.objects.assign_role([make_registration(event, last_name="A", language="lv")], speaker)
    make_registration(event, last_name="B", language="lv")
    make_registration(event, last_name="C", language="en")
    latvian, other, english = (set(words) for [words] in split_badges(write(event, layout="a7"), "a7"))
    assert {"Bibliotēkas", "runātājs"} <= latvian
    assert {"Bibliotēkas", "dalībnieks"} <= other
    assert {"Libraries", "participant"} <= english
    speaker.delete()
    assert "dalībnieks" in split_badges(write(event, layout="a7"), "a7")[0][0]


def test_an_event_has_the_first_roles_once_and_its_own_afterwards():
    event, other = make_event(), make_event()
    words = ["participant", "speaker", "organiser", "helper", "press"]
    for _opening in range(2):
        assert [str(role) for role in BadgeRole.objects.list_or_create(event)] == words
    BadgeRole.objects.filter(event=event).exclude(position=1).delete()
    assert [str(role) for role in BadgeRole.objects.list_or_create(event)] == ["speaker"]
    assert not BadgeRole.objects.filter(event=other).exists()


def test_a_word_can_be_read_on_any_colour():
    colours = [f"#{red:02x}{green:02x}{blue:02x}" for red in STEPS for green in STEPS for blue in STEPS]
    assert min(compute_contrast(choose_ink(colour), colour) for colour in colours) >= 4.5
    assert (choose_ink("#ffff00"), choose_ink("#000080")) == (BLACK, WHITE)
    assert round(compute_contrast(BLACK, WHITE), 2) == 21


def test_the_code_is_the_persons_own_and_can_be_left_out():
    event = make_event()
    person = make_registration(event)
    pdf = write(event, layout="a7")
    assert read_squares(pdf) == [list(row) for row in make_qr(build_ticket_url(person.ticket_code)).matrix]
    assert person.reference in split_badges(pdf, "a7")[0][0]
    without = write(event, layout="a7", has_qr=False)
    assert person.reference not in split_badges(without, "a7")[0][0]
    assert count_dark(without) < count_dark(pdf) * 0.7


def read_squares(pdf: bytes) -> list[list[int]]:
    """Return which squares of the code on a badge of A7 are dark: it is 24 mm wide with its margin of four squares."""
    page = read_picture(pdf).point(lambda light: int(light < 128))
    square = 24 * PIXELS_PER_MM / 37
    left = (37 - 12) * PIXELS_PER_MM + 4 * square
    steps = [round((number + 0.5) * square) for number in range(7)]
    frame = [(left + step, 1) for step in steps] + [(left + 0.5 * square, step) for step in steps]
    lines = range(page.height - steps[-1])
    top = next(y for y in lines if all(page.getpixel((round(x), y + down)) for x, down in frame))
    places = [(number + 0.5) * square for number in range(29)]
    return [[page.getpixel((round(left + x), round(top + y))) for x in places] for y in places]


def count_dark(pdf: bytes) -> int:
    """Count the dark dots where a badge of A7 has its code: in the middle third, above the band."""
    width, height = (size * PIXELS_PER_MM for size in (74, 105))
    part = read_picture(pdf).crop((width // 3, height // 2, 2 * width // 3, 5 * height // 6))
    return part.histogram()[0]


def test_the_back_of_a_sheet_is_its_front_from_behind():
    event = make_event()
    for number in range(5):
        make_registration(event, last_name=f"Person{number}")
    front, back = split_badges(write(event, is_two_sided=True), "a7-sheet")
    assert [front[0:4], front[4:8]] == [back[3::-1], back[7:3:-1]]
    assert "Person4" in front[4]
    assert "Person4" in back[7]
    assert len(read_pages(write(event, layout="a7", is_two_sided=True))) == 10
    assert len(read_pages(write(event, layout="label-62", is_two_sided=True))) == 5


def test_blank_badges_come_last_and_say_what_all_say():
    event = make_event(title={"lv": "Bibliotēkas", "en": "Libraries"})
    make_registration(event, last_name="Zariņa", language="lv")
    [page] = split_badges(write(event, blanks=3), "a7-sheet")
    assert "Zariņa" in page[0]
    assert page[1:] == 3 * [["Libraries", "participant"]] + 4 * [[]]


def test_a_label_is_black_only():
    event = make_event()
    make_registration(event)
    colours = set()
    for layout in ("label-62", "label-90"):
        colours |= {role["fill"] for role in collect(event, layout)["faces"]}
    assert colours == {BLACK}
    assert len({role["fill"] for role in collect(event, "a7")["faces"]}) == 5


def collect(event, layout: str) -> dict:
    return collect_badges(event, [], BadgeOptions(layout=layout))


def test_the_events_picture_stands_beside_its_title():
    event = make_event(picture=make_picture(size=(200, 100), colour="#000000"))
    with_picture, without = (write(event, [], blanks=1, layout="a7", has_picture=has) for has in (True, False))
    corner = (7 * PIXELS_PER_MM, 7 * PIXELS_PER_MM, 20 * PIXELS_PER_MM, 15 * PIXELS_PER_MM)
    dark, light = (read_picture(pdf).crop(corner).histogram()[0] for pdf in (with_picture, without))
    assert dark > 1000
    assert light == 0


@pytest.mark.parametrize(
    "value", ["#strong[x] $y$ *bold* _it_ @ref", '#read("/etc/passwd")', '"]); #panic()', "= x\nb"]
)
def test_nothing_that_was_typed_is_run(value):
    event = make_event(title=value)
    make_registration(event, last_name=value, first_name="X", organisation=value)
    text = "".join(split_badges(write(event, layout="a6"), "a6")[0][0]).replace("\u200b", "")
    assert text.count("".join(value.split())) == 3


def test_a_thousand_badges_are_typeset_fast():
    """In a fifth of a second to a second, as bench.badges measures; here with room for a busy machine."""
    event = make_event()
    person = make_registration(event)
    sheet = collect_badges(event, list_people(event, Registration.objects.all()), BadgeOptions(has_qr=False))
    [badge] = sheet["badges"]
    sheet["badges"] = [{**badge, "last": f"{person.last_name}-{number}"} for number in range(1000)]
    start = time.process_time()
    assert len(read_pages(typeset(sheet))) == 125
    assert time.process_time() - start < 5


def test_typst_can_read_its_own_folder_only():
    assert {path.name for path in FOLDER.iterdir()} == {"badges.typ"}

"""Pictures of tickets that are hard to read, for `bench.scan`.

The limits are what a helper at the door would expect to work, in modules (the small squares of a code), so that they
hold for any camera: at least 2.6 pixels a module, blurred or moved by half a module or one, a reflection or a torn
corner within what the code can repair (a sixth of it), a tilt of 50°. Two were lowered after a first try: reflections
were so large that none of five decoders read any, and blur went up to 0.6 of a module, where single squares vanish in
what is around them. Every picture also has a little of the rest: a hand that turns and tilts, a lens that is not
quite sharp, noise.
"""

import io
import math
import random
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bench.ticket_photos import CODE_SIZE, DOTS, FRAME, MODULES, QUIET, TICKET, View, draw_ticket, photograph
from registrations.tickets.ticket_codes import LENGTH, LETTERS


@dataclass
class Spoiled:
    kind: str
    text: str
    file: bytes


def add_noise(frame: Image.Image, strength: float, chance: random.Random) -> Image.Image:
    """Add grain of about this standard deviation: a sum of three even chances is nearly a bell curve."""
    width, height = frame.size
    for _round in range(3):
        grain = Image.frombytes("L", frame.size, chance.randbytes(width * height))
        share = strength / 127.8  # the deviation of three such, of 0 to 255
        frame = ImageChops.add(
            frame, grain.point(lambda value, share=share: round(value * share)), 1, -round(127.5 * share)
        )
    return frame


def change_light(frame: Image.Image, contrast: float, base: float = 0) -> Image.Image:
    return frame.point(lambda value: max(0, min(255, round(base + value * contrast))))


def tear_corner(ticket: Image.Image, chance: random.Random) -> None:
    """Tear off the corner that has no finder pattern."""
    end = 150 + CODE_SIZE, 200 + CODE_SIZE
    legs = [(QUIET + chance.uniform(6, 13)) * DOTS for _side in range(2)]
    middle = (end[0] - legs[0] * 0.45, end[1] - legs[1] * 0.45)
    ImageDraw.Draw(ticket).polygon(
        [
            (end[0] - legs[0], TICKET[1]),
            (end[0] - legs[0], end[1]),
            middle,
            (end[0], end[1] - legs[1]),
            (TICKET[0], end[1] - legs[1]),
            TICKET,
        ],
        fill=chance.randint(40, 130),
    )


def crack_glass(ticket: Image.Image, chance: random.Random) -> None:
    """Draw a screen that was dropped: cracks from one point, each with a bright and a dark edge."""
    pen, far = ImageDraw.Draw(ticket), 1.5 * CODE_SIZE
    x, y = 150 + chance.random() * CODE_SIZE, 200 + chance.random() * CODE_SIZE
    for _crack in range(chance.randint(4, 8)):
        angle, width = chance.uniform(0, math.tau), chance.uniform(0.15, 0.45) * DOTS
        path = [(x, y)]
        for step in (0.3, 0.6, 1):
            bent = angle + chance.uniform(-0.15, 0.15)
            path.append((x + far * step * math.cos(bent), y + far * step * math.sin(bent)))
        pen.line(path, 235, round(width))
        pen.line([(a + width / 2, b + width / 2) for a, b in path], 60, 2)


def add_glare(frame: Image.Image, view: View, chance: random.Random) -> Image.Image:
    """Add the reflection of a lamp on the code: white in its middle, fading, over a veil on everything."""
    width = chance.uniform(3, 5) * view.size
    lamp = ImageChops.invert(Image.radial_gradient("L")).resize((round(2 * width), round(width * chance.uniform(1, 2))))
    lamp = lamp.point(lambda value: min(255, round(value * 1.6)))
    reach = MODULES / 4 * view.size
    place = [
        round(middle + chance.uniform(-reach, reach) - side / 2)
        for middle, side in zip(view.centre, lamp.size, strict=True)
    ]
    light = Image.new("L", frame.size)
    light.paste(lamp, tuple(place))
    return ImageChops.add(change_light(frame, 0.75, 50), light)


def smear(frame: Image.Image, length: float, chance: random.Random) -> Image.Image:
    """Move the camera by this many pixels while the shutter is open."""
    angle, steps, total = chance.uniform(0, math.pi), max(2, round(length)), None
    for step in range(steps + 1):
        offset = (step / steps - 0.5) * length
        moved = ImageChops.offset(frame, round(offset * math.cos(angle)), round(offset * math.sin(angle)))
        total = moved if total is None else Image.blend(total, moved, 1 / (step + 1))
    return total


def turn_any(view: View, chance: random.Random) -> None:
    view.turn = chance.uniform(0, 360)


def come_far(view: View, chance: random.Random) -> None:
    view.size = chance.uniform(2.6, 4)


def lean(view: View, chance: random.Random) -> None:
    view.tilt = chance.choice((-1, 1)) * chance.uniform(30, 50)


def blur(frame: Image.Image, view: View, chance: random.Random) -> Image.Image:
    if chance.random() < 0.5:
        return smear(frame, chance.uniform(0.5, 1.1) * view.size, chance)
    return frame.filter(ImageFilter.GaussianBlur(chance.uniform(0.3, 0.5) * view.size))


def darken(frame: Image.Image, view: View, chance: random.Random) -> Image.Image:
    return add_noise(change_light(frame, chance.uniform(0.1, 0.3), 4), chance.uniform(2, 4), chance)


def add_grain(frame: Image.Image, view: View, chance: random.Random) -> Image.Image:
    return add_noise(change_light(frame, 0.6, 50), chance.uniform(15, 30), chance)


def compress(frame: Image.Image, view: View, chance: random.Random) -> Image.Image:
    file = io.BytesIO()
    frame.save(file, "JPEG", quality=chance.randint(8, 20))
    return Image.open(file)


# What happens to the view, the ticket and the frame; most things happen to one of them.
KINDS: dict[str, tuple[Callable | None, Callable | None, Callable | None]] = {
    "turned": (turn_any, None, None),
    "blurred": (None, None, blur),
    "dark": (None, None, darken),
    "glare": (None, None, add_glare),
    "torn": (None, tear_corner, None),
    "cracked": (None, crack_glass, None),
    "small": (come_far, None, None),
    "tilted": (lean, None, None),
    "grainy": (None, None, add_grain),
    "compressed": (None, None, compress),
}


def make_text(chance: random.Random) -> str:
    return "HTTPS://CONFERENCE.LNB.LV/D/" + "".join(chance.choices(LETTERS, k=LENGTH))


def spoil(kind: str, chance: random.Random) -> Spoiled:
    """Return one picture of this kind."""
    text, (move, mark, develop) = make_text(chance), KINDS[kind]
    size = chance.uniform(5, 9)
    centre = [side / 2 + chance.uniform(-0.12, 0.12) * side for side in FRAME]
    view = View(size, turn=chance.uniform(-15, 15), tilt=chance.uniform(-15, 15), centre=tuple(centre))
    ticket = draw_ticket(text, chance)
    if move:
        move(view, chance)
    if mark:
        mark(ticket, chance)
    frame = photograph(ticket, view, chance).filter(ImageFilter.GaussianBlur(0.12 * view.size))
    if develop:
        frame = develop(frame, view, chance)
    return Spoiled(kind, text, write_picture(add_noise(frame, 3, chance)))


def make_empty_frame() -> bytes:
    """Return a frame with a printed sheet and no code: what the camera sees most of the time."""
    chance = random.Random(1)  # noqa: S311 (the same each time)
    ticket = draw_ticket(make_text(chance), chance)
    pen = ImageDraw.Draw(ticket)
    pen.rectangle((150, 200, 150 + CODE_SIZE, 200 + CODE_SIZE), 250)
    for y in range(200, 200 + CODE_SIZE, 26):
        pen.rectangle((180, y, chance.randint(300, 150 + CODE_SIZE), y + 9), 40)
    frame = photograph(ticket, View(7, turn=5, tilt=5, centre=(640, 360)), chance)
    return write_picture(add_noise(frame, 3, chance))


def write_picture(frame: Image.Image) -> bytes:
    file = io.BytesIO()
    frame.save(file, "PNG", compress_level=1)
    return file.getvalue()


def make_spoiled_codes(count: int = 200, seed: int = 1) -> list[Spoiled]:
    """Return so many pictures, of each kind alike; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 (the same each time)
    return [spoil(kind, chance) for kind in KINDS for _number in range(count // len(KINDS))]

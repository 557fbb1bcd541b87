"""Photographs of tickets: what a phone's camera sees of one that lies or is held before it."""

import io
import math
import random
from dataclasses import dataclass

import segno
from PIL import Image, ImageDraw

FRAME = (1280, 720)  # what scanner.js asks the camera for
MODULES, QUIET, DOTS = 29, 4, 12  # a version 3 code, its quiet zone, and pixels a module before the camera
CODE_SIZE = (MODULES + 2 * QUIET) * DOTS
TICKET = (CODE_SIZE + 300, CODE_SIZE + 400)
FINE = 2  # the frame is drawn so many times larger, and then averaged like a sensor does

Matrix = tuple[tuple[float, float, float], ...]


@dataclass
class View:
    """How the camera stands to the ticket: pixels a module, and the angles in degrees."""

    size: float
    turn: float
    tilt: float
    centre: tuple[float, float]


def draw_ticket(text: str, chance: random.Random) -> Image.Image:
    """A ticket on paper or on a screen: the code between lines of text."""
    ticket = Image.new("L", TICKET, 250)
    pen = ImageDraw.Draw(ticket)
    for y in [*range(30, 170, 34), *range(CODE_SIZE + 230, TICKET[1] - 20, 34)]:
        pen.rectangle((60, y, chance.randint(300, TICKET[0] - 60), y + 14), 60)
    file = io.BytesIO()
    segno.make(text, error="m", boost_error=False).save(file, kind="png", scale=DOTS, border=QUIET)
    ticket.paste(Image.open(file).convert("L"), (150, 200))
    return ticket


def multiply(left: Matrix, right: Matrix) -> Matrix:
    return tuple(
        tuple(sum(a * b for a, b in zip(row, column, strict=True)) for column in zip(*right, strict=True))
        for row in left
    )


def get_projection(view: View) -> Matrix:
    """Return the matrix that leads from a point of the fine frame to one of the ticket."""
    turn, tilt, scale = math.radians(view.turn), math.radians(view.tilt), DOTS / (view.size * FINE)
    far = math.sin(tilt) / (MODULES * 3 * view.size * FINE)  # the eye is about three codes away
    matrices = [
        ((1, 0, 150 + CODE_SIZE / 2), (0, 1, 200 + CODE_SIZE / 2), (0, 0, 1)),
        ((math.cos(turn), math.sin(turn), 0), (-math.sin(turn), math.cos(turn), 0), (0, 0, 1)),
        ((scale / math.cos(tilt), 0, 0), (0, scale, 0), (far, 0, 1)),
        ((1, 0, -view.centre[0] * FINE), (0, 1, -view.centre[1] * FINE), (0, 0, 1)),
    ]
    result = matrices[0]
    for matrix in matrices[1:]:
        result = multiply(result, matrix)
    return result


def photograph(ticket: Image.Image, view: View, chance: random.Random) -> Image.Image:
    """Return the ticket as it lies in the frame, before a table with light from one side."""
    size = (FRAME[0] * FINE, FRAME[1] * FINE)
    matrix = get_projection(view)
    factors = [value / matrix[2][2] for row in matrix for value in row][:8]
    # Boards of a table: what is behind a ticket has edges too.
    table = Image.linear_gradient("L").resize(size).point(lambda value: 40 + value * chance.choice((40, 90)) // 255)
    seen = ticket.transform(size, Image.Transform.PERSPECTIVE, factors, Image.Resampling.BICUBIC)
    mask = Image.new("L", ticket.size, 255).transform(size, Image.Transform.PERSPECTIVE, factors)
    table.paste(seen, mask=mask)
    return table.reduce(FINE)

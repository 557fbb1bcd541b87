"""Turns SVG drawings into pictures, so that none of their scripts, links and styles reaches a page.

It is done by a process of its own with little time and memory, as a small drawing can ask for any amount of both.
"""

import re
import subprocess
import sys
from pathlib import Path

# The only folder that typst can read: it holds nothing but the layout.
FOLDER = Path(__file__).parent / "typst"
MAX_SECONDS, MAX_MEMORY = 4, 1 << 30
# After what may stand before it: a byte order mark, a declaration, comments, a document type.
# Once one of them has matched, no other way is tried: else many comments would take for ever.
SVG_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+"
    rb"(?:<\?xml[^>]*+>\s*+|(?><!--.*?-->)\s*+|(?><!DOCTYPE\s+svg[^>\[]*(?:\[.*?\]\s*)?>)\s*+)*+<svg\b",
    re.DOTALL,
)


def is_svg(content: bytes) -> bool:
    return bool(SVG_START.match(content))


def render_svg(content: bytes, *, side: int) -> bytes:
    """Return the drawing as a PNG file whose longest side has `side` pixels.

    Raises ValueError for a drawing that is broken, refers to other files, or takes too long or too much memory.
    """
    command = [sys.executable, "-I", __file__, str(side)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=MAX_SECONDS, check=True, env={})
    except subprocess.SubprocessError as error:
        raise ValueError("The drawing could not be turned into a picture.") from error
    return done.stdout


def main() -> None:
    """Read an SVG drawing and write a PNG file, within the limits."""
    import resource

    import typst

    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    inputs = {"svg": sys.stdin.buffer.read().decode(), "side": sys.argv[1]}
    layout = FOLDER / "drawing.typ"
    sys.stdout.buffer.write(typst.compile(layout, root=FOLDER, format="png", ppi=72, sys_inputs=inputs))


if __name__ == "__main__":
    main()

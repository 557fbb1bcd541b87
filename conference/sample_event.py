"""The example: the conference that this site was made for, and how its texts tell that they are only samples."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings

SAMPLE_FILE = Path(__file__).parent / "fixtures" / "libraries.json"


@cache
def read_sample() -> dict:
    """What the file holds, to be read only."""
    return json.loads(SAMPLE_FILE.read_text(encoding="utf-8"))


def get_sample_sentence(part: str, name: str, language: str) -> str:
    """The last paragraph of the text `name` in this part of the example, which says that the text is a sample."""
    return read_sample()[part][name][language].rpartition("\n\n")[2]


def find_sample_languages(text, part: str, name: str) -> Iterator[str]:
    """The codes of the languages in which `text` still says that it is the sample."""
    data = getattr(text, "data", text) or {}
    for code, _name in settings.LANGUAGES:
        written = data if isinstance(data, str) else data.get(code) or ""
        if code in read_sample()[part][name] and get_sample_sentence(part, name, code) in written:
            yield code

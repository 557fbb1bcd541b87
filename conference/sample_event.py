"""The sample conference, and how to recognise texts that are still samples."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings


@cache
def read_sample() -> dict:
    """The content of the fixture, not to be modified."""
    return json.loads((Path(__file__).parent / "fixtures" / "libraries.json").read_text(encoding="utf-8"))


def get_sample_sentence(part: str, name: str, language: str) -> str:
    """Return the last paragraph of the text `name` in this part of the fixture, which says that it is a sample."""
    return read_sample()[part][name][language].rpartition("\n\n")[2]


def find_sample_languages(text, part: str, name: str) -> Iterator[str]:
    """Yield the codes of the languages in which `text` still says that it is a sample."""
    data = getattr(text, "data", text) or {}
    for code, _name in settings.LANGUAGES:
        written = data if isinstance(data, str) else data.get(code) or ""
        if code in read_sample()[part][name] and get_sample_sentence(part, name, code) in written:
            yield code

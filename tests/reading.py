"""A page as it is read: each text on it with the language that its element is in."""

import re
from html.parser import HTMLParser
from typing import NamedTuple

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
UNSEEN = {"script", "style", "template"}
READ_OUT = {"alt", "aria-label", "placeholder", "title"}


class Read(NamedTuple):
    language: str
    text: str


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open: list[tuple[str, str]] = [("", "")]  # element and language, the innermost last
        self.found: list[Read] = []

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        language = values.get("lang") or self.open[-1][1]
        described = tag == "meta" and values.get("name") == "description"
        for name, value in attributes:
            if value and (name in READ_OUT or (described and name == "content")):
                self.found.append(Read(language, value))
        if tag not in VOID:
            self.open.append((tag, language))

    def handle_endtag(self, tag):
        while tag in (name for name, _language in self.open) and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        tag, language = self.open[-1]
        if tag not in UNSEEN and (text := " ".join(data.split())):
            self.found.append(Read(language, text))


def drop_time_of_issue(html: str | bytes) -> str:
    """The page without what differs from one moment to the next: when its form was issued."""
    text = html if isinstance(html, str) else html.decode(errors="replace")
    return re.sub(r'name="issued" value="[^"]*"', "", text)


def read(html: str) -> list[Read]:
    """Every text of the page, its title, description, labels and the words in place of pictures, in their order."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.found

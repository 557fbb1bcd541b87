"""Headers of columns as people and other programs write them → what the column holds.

A header is recognised when nothing but one of the names below is left of it without the words that say nothing. So a
header with one more word in it, such as “Organisation type”, is another thing, and its column is left out.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

# What people write above the columns that fill each field, in Latvian and English; also the headers of our own exports.
SYNONYMS = {
    "first_name": "vārds, vārdi, vārdu, first name, first names, firstname, fname, given name, given names, forename, "
    "name given name, name first name",
    "last_name": "uzvārds, uzvārdi, uzvārdu, last name, lastname, lname, surname, family name, name family name, "
    "name last name",
    "full_name": "dalībnieks, dalībniece, persona, pilns vārds, name, full name, participant, attendee, person, "
    "name surname, first and last name",
    "name_last_first": "surname name, last and first name",
    "email": "e-pasts, e-pastu, e-pasta adrese, e-pasta adresi, epasts, epastu, epasta adrese, elektroniskais pasts, "
    "elektroniskā pasta adrese, e-pasts saziņai, e-mail, e-mail address, mail, contact e-mail, work e-mail",
    "organisation": "organizācija, organizāciju, iestāde, iestādi, darba vieta, darba vietu, darbavieta, darbavietu, "
    "bibliotēka, bibliotēku, uzņēmums, uzņēmumu, iestādes nosaukums, organizācijas nosaukums, uzņēmuma nosaukums, "
    "bibliotēkas nosaukums, darbavietas nosaukums, darba vietas nosaukums, pārstāvētā organizācija, "
    "pārstāvētā iestāde, kur strādājat, organisation, organization, institution, company, employer, workplace, "
    "library, affiliation, where do you work",
    "job_title": "amats, amatu, ieņemamais amats, ieņemamo amatu, position, job title, job position, job, title, role, "
    "occupation",
    "country": "valsts, valsti, country, home country, country region, country of residence",
    "sector": "nozare, nozari, joma, jomu, sektors, sektoru, sector, field",
    "topics": "temati, temats, tēmas, tēma, interesējošie temati, interesējošās tēmas, topics, topic, "
    "topics of interest, interests",
    "language": "valoda, saziņas valoda, e-pasta valoda, language, preferred language, language of e-mail",
    "internal_note": "piezīme, piezīmes, iekšēja piezīme, komentārs, komentāri, note, notes, internal note, remarks, "
    "comment, comments",
    "tags": "birka, birkas, tag, tags, label, labels",
}
WORDS_FOR_NAME = ("nosaukums", "nosaukumu", "name")
EMPTY_MARKS = ("", "-", "–", "—")  # how people write that there is nothing
# Words that say for whom a column is. It comes before one without them, which may be about who paid for the tickets.
PERSON_WORDS = """
    attendee attendees ticket participant participants registrant delegate guest guests
    dalibnieka dalibnieces dalibnieku viesa
"""
# Words that say nothing about what a column holds.
EMPTY_WORDS = """
    a an the of is are s what which who your my you and or please enter write type give required mandatory optional
    un vai ir jus jusu savu sava savs mans mana tavs tava ludzu ludzam noradiet ievadiet ierakstiet uzrakstiet obligati
    obligats obligata obligatais neobligati kads kada kadu kura kuru kuras kur parstavat parstavet stradajat
"""
# With one of these words the column is about something or somebody else.
OTHER_WORDS = """
    number no id code type count date time consent buyer payer purchaser order invoice billing phone emergency child
    parent partner second secondary alternative
    nr numurs kods veids skaits datums laiks piekrisana rekina maksataja pirceja talrunis kontaktpersona kontaktpersonas
    berna vecaka otrs otra
"""
PERSON_WORDS, EMPTY_WORDS, OTHER_WORDS = (set(words.split()) for words in (PERSON_WORDS, EMPTY_WORDS, OTHER_WORDS))
# These are about the kind of ticket.
OTHER_HEADERS = {f"ticket{word}" for word in ("name", "title", "position", "label", "tag", "tags", "note", "notes")}
ENDS_OF_QUESTIONS = re.compile(
    r"(?<=\S )((do )?you (represent|work (for|at|in)|come from|hold)|are you (from|interested in))\b",
    re.IGNORECASE,
)
# The columns in which Microsoft Forms puts the account of who filled in the form come right after one of these.
BEFORE_ACCOUNT = {"completiontime", "pabeigsanaslaiks", "izpildeslaiks", "beigulaiks"}


class KnownAs(NamedTuple):
    """What a header names, and how surely: of several columns for the same, the one with the lowest rank is taken."""

    field: str
    rank: int


def fold(text: str) -> str:
    """`text` without case, diacritics, spaces and punctuation."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


def split_words(text: str) -> list[str]:
    """The words of a header, folded; a number sign is the word for it."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.sub(r"\b[eE]-", "e", text))
    return [fold(word) for word in re.findall(r"[^\W_]+", re.sub("[#№]", " number ", text))]


def list_synonyms() -> dict[str, str]:
    """Every name of every field, folded. A first and a last name in one header also say which comes first."""
    names = {field: [fold(word) for word in words.split(",")] for field, words in SYNONYMS.items()}
    found = {word: field for field, words in names.items() for word in words}
    for word in names["organisation"]:
        found |= {pair: "organisation" for part in WORDS_FOR_NAME for pair in (word + part, part + word)}
    for first in names["first_name"]:
        for last in names["last_name"]:
            found |= {first + last: "full_name", last + first: "name_last_first"}
    return found


HEADERS = list_synonyms()


def recognize(header: str, known: Mapping[str, str] = HEADERS) -> KnownAs | None:
    """What the column under `header` holds by its words; `known` has folded headers with what they name."""
    field, is_plain = known.get(fold(header)), not re.search(r"[#№()]", header)
    if field and (is_plain or field not in SYNONYMS):
        return KnownAs(field, 1)
    if numbered := re.fullmatch(r"(.+) \(\d+\)", header):  # the second of two equal headers
        first = recognize(numbered[1], known)
        return first and KnownAs(first.field, first.rank + 2)
    explained = " ".join(re.findall(r"\(([^()]*)\)", header))
    named = re.sub(r"\([^()]*\)", " ", header)
    if OTHER_WORDS.intersection(split_words(explained)):
        return None
    found = strip_words(named) or agree(re.split(r"[/|]|\s[-–—]\s", named))
    # In parentheses stands an explanation, or the same in another language.
    other = strip_words(explained)
    return found if found and (other is None or other.field == found.field) else None


def agree(parts: list[str]) -> KnownAs | None:
    """What all parts of a header name, as one that is written in two languages."""
    found = [strip_words(part) for part in parts]
    return found[0] if len({part and part.field for part in found}) == 1 else None


def strip_words(text: str) -> KnownAs | None:
    """What `text` names without the words that say nothing; None if they are all, or if it names nothing."""
    words = split_words(ENDS_OF_QUESTIONS.sub(" ", text))
    if OTHER_WORDS.intersection(words) or "".join(words) in OTHER_HEADERS:
        return None
    told = [word for word in words if word not in EMPTY_WORDS]
    for left in ("".join(words), "".join(told)):
        if left in HEADERS:
            return KnownAs(HEADERS[left], 2)
    left = "".join(word for word in told if word not in PERSON_WORDS)
    return KnownAs(HEADERS[left], 0) if left in HEADERS else None

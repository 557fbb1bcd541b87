"""Which column of a list fills which field: guessed from its header, by the words that people use for it."""

import unicodedata
from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registrations.exports.columns import TEXT_HEADERS
from registrations.models import Question

# The header of a column → the name of what it fills, empty where the column is left out.
ColumnMapping = dict[str, str]

ANSWER_PREFIX = "answers."

# What people write above the columns that fill each field, in Latvian and English; also the headers of our own exports.
SYNONYMS = {
    "first_name": "vārds, vārdi, first name, firstname, given name, forename",
    "last_name": "uzvārds, uzvārdi, last name, lastname, surname, family name",
    "full_name": "vārds uzvārds, vārds un uzvārds, uzvārds vārds, dalībnieks, dalībniece, persona, pilns vārds, "
    "name, full name, name surname, name and surname, first and last name, participant, attendee, person",
    "email": "e-pasts, e-pasta adrese, epasts, epasta adrese, elektroniskais pasts, e-mail, e-mail address, mail, "
    "contact e-mail",
    "organisation": "organizācija, iestāde, iestādes nosaukums, darba vieta, darbavieta, bibliotēka, uzņēmums, "
    "pārstāvētā organizācija, pārstāvētā iestāde, organisation, organization, institution, company, employer, "
    "workplace, library, affiliation",
    "job_title": "amats, ieņemamais amats, position, job title, job, title, role, occupation",
    "country": "valsts, country",
    "sector": "nozare, joma, sektors, sector, field",
    "topics": "temati, temats, tēmas, tēma, interesējošie temati, interesējošās tēmas, topics, topic, "
    "topics of interest, interests",
    "language": "valoda, saziņas valoda, e-pasta valoda, language, preferred language, language of e-mail",
    "internal_note": "piezīme, piezīmes, iekšēja piezīme, komentārs, komentāri, note, notes, internal note, remarks, "
    "comment, comments",
    "tags": "birka, birkas, tag, tags, label, labels",
}
# What the columns can fill, as organisers see it.
FIELDS = {name: TEXT_HEADERS.get(name, gettext_lazy("First and last name together")) for name in SYNONYMS}


def fold(text: str) -> str:
    """`text` without case, diacritics, spaces and punctuation."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


HEADERS = {fold(word): field for field, words in SYNONYMS.items() for word in words.split(",")}


def get_names(text) -> list[str]:
    """A translated text in the active language, then in every language of the site."""
    return [str(text), *(text.localize(code) for code, _name in settings.LANGUAGES)]


def get_known_headers(questions: Iterable[Question]) -> dict[str, str]:
    """Every header that is recognised, folded, with what it fills."""
    asked = {
        fold(word): ANSWER_PREFIX + question.key
        for question in questions
        for word in [question.key, *get_names(question.label)]
    }
    return asked | HEADERS


def guess_mapping(headers: Iterable[str], questions: Iterable[Question]) -> ColumnMapping:
    """What each column fills, by its header. Of several columns for the same, only the first is taken."""
    known, columns = get_known_headers(questions), {}
    for header in headers:
        field = known.get(fold(header), "")
        columns[header] = field if field not in columns.values() else ""
    return columns


def find_problems(columns: ColumnMapping) -> list[str]:
    """Why no list can be imported with these columns, in the active language."""
    filled = [field for field in columns.values() if field]
    names = {"full_name", "first_name", "last_name"}.intersection(filled)
    found = []
    if len(filled) != len(set(filled)):
        found.append(_("Two columns are set to the same field. Please skip one of them."))
    if "full_name" in names and len(names) > 1:
        found.append(
            _("Choose either one column for the full name or two for first and last name, and skip the other.")
        )
    if "full_name" not in names and len(names) < 2:
        found.append(_("Please choose the columns that contain first and last names."))
    if "email" not in filled:
        found.append(_("Please choose the column that contains e-mail addresses."))
    return found

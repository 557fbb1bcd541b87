"""Templates of questions that most conferences ask, in both languages."""

from typing import NamedTuple

from i18nfield.strings import LazyI18nString


class QuestionTemplate(NamedTuple):
    """A question with its choices. `other` is a text question shown for the choice with the key “other”."""

    key: str
    label: dict[str, str]
    kind: str
    help_text: dict[str, str] = {}
    is_about_needs: bool = False
    is_for_catering: bool = False
    choices: dict[str, dict[str, str]] = {}
    other: dict[str, str] | None = None

    @property
    def values(self) -> dict:
        """The values of the Question's fields except its key."""
        names = ("label", "kind", "help_text", "is_about_needs", "is_for_catering")
        return {name: getattr(self, name) for name in names}

    @property
    def title(self) -> str:
        """The question in the active language."""
        return str(LazyI18nString(self.label))


QUESTION_TEMPLATES = [
    QuestionTemplate(
        key="organisation_type",
        label={"lv": "Organizācijas veids", "en": "Type of organisation"},
        kind="one_of",
        help_text={
            "lv": "Pasākuma finansētājam ziņojam tikai skaitu, ne vārdus.",
            "en": "The funder receives only numbers, not names.",
        },
        choices={
            "public_library": {"lv": "publiskā bibliotēka", "en": "public library"},
            "academic_library": {
                "lv": "akadēmiskā, speciālā vai nacionālā bibliotēka",
                "en": "academic, special or national library",
            },
            "school": {"lv": "skola", "en": "school"},
            "university": {"lv": "augstskola", "en": "university"},
            "adult_education": {"lv": "pieaugušo izglītības iestāde", "en": "adult education provider"},
            "ngo": {"lv": "nevalstiskā organizācija", "en": "non-governmental organisation"},
            "company": {"lv": "uzņēmums", "en": "company"},
            "public_authority": {"lv": "valsts vai pašvaldības iestāde", "en": "public authority"},
            "other": {"lv": "cits", "en": "other"},
        },
        other={"lv": "Kāds cits organizācijas veids?", "en": "What other type of organisation is it?"},
    ),
    QuestionTemplate(
        key="dietary_needs",
        label={"lv": "Īpašas prasības ēdienam", "en": "Dietary needs"},
        kind="several_of",
        help_text={
            "lv": "Ēdinātājs saņem skaitu un šeit rakstīto, bet ne vārdus.",
            "en": "The caterer receives the numbers and what is written here, but no names.",
        },
        is_about_needs=True,
        is_for_catering=True,
        choices={
            "vegetarian": {"lv": "veģetārs ēdiens", "en": "vegetarian"},
            "vegan": {"lv": "vegānisks ēdiens", "en": "vegan"},
            "gluten_free": {"lv": "bez glutēna", "en": "gluten-free"},
            "lactose_free": {"lv": "bez laktozes", "en": "lactose-free"},
            "no_nuts": {"lv": "bez riekstiem", "en": "no nuts"},
            "no_fish": {"lv": "bez zivīm un jūras veltēm", "en": "no fish or seafood"},
            "no_pork": {"lv": "bez cūkgaļas", "en": "no pork"},
            "other": {"lv": "citas prasības", "en": "other"},
        },
        other={"lv": "Kādas citas prasības ēdienam?", "en": "What other dietary needs do you have?"},
    ),
    QuestionTemplate(
        key="access_needs",
        label={"lv": "Kas Jums vajadzīgs, lai piedalītos?", "en": "What do you need to take part?"},
        kind="several_of",
        help_text={
            "lv": "Lai varam laikus sagatavoties. Jūsu atbildi redz tikai tie, kas par to gādā.",
            "en": "So that we can prepare in time. Only the people who arrange it can see your answer.",
        },
        is_about_needs=True,
        choices={
            "wheelchair": {"lv": "piekļuve ar ratiņkrēslu", "en": "wheelchair access"},
            "seat_in_front": {"lv": "vieta pirmajās rindās", "en": "a seat near the front"},
            "hearing_loop": {"lv": "indukcijas cilpa vai skaņas pastiprināšana", "en": "hearing loop or amplification"},
            "sign_language": {"lv": "zīmju valodas tulks", "en": "sign language interpreter"},
            "large_print": {"lv": "materiāli palielinātā drukā", "en": "large print"},
            "assistant": {"lv": "vieta asistentam", "en": "a seat for an assistant"},
            "assistance_dog": {"lv": "vieta asistentsunim vai sunim pavadonim", "en": "room for an assistance dog"},
            "other": {"lv": "kas cits", "en": "something else"},
        },
        other={"lv": "Kas vēl Jums vajadzīgs?", "en": "What else do you need?"},
    ),
    QuestionTemplate(
        key="photo_consent",
        label={
            "lv": "Drīkst publicēt fotogrāfijas, kurās mani var redzēt",
            "en": "Photos that show me may be published",
        },
        kind="yes_no",
        help_text={
            "lv": "Atbilde neietekmē dalību. Savas domas varat mainīt jebkurā laikā.",
            "en": "You can take part either way, and change your mind at any time.",
        },
    ),
]

import pytest

from conference.sample_event import find_sample_languages, get_sample_sentence

SAMPLES = [("event", "privacy_notice"), ("accessibility_statement", "not_accessible")]


@pytest.mark.parametrize(("part", "name"), SAMPLES)
@pytest.mark.parametrize(("language", "words"), [("lv", "Šis ir paraugs: "), ("en", "This is a sample: ")])
def test_each_sample_says_at_its_end_that_it_is_one(part, name, language, words):
    assert get_sample_sentence(part, name, language).startswith(words)


@pytest.mark.parametrize("text", ["", None, {}, {"lv": ""}, {"lv": None}, {"en": "This is a sample."}, "Paraugs"])
def test_other_texts_are_no_samples(text):
    assert list(find_sample_languages(text, "event", "privacy_notice")) == []

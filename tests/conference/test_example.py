import pytest

from conference.example import sample_sentence, still_sample

SAMPLES = [("event", "privacy_notice"), ("accessibility_statement", "not_accessible")]


@pytest.mark.parametrize(("part", "name"), SAMPLES)
@pytest.mark.parametrize(("language", "words"), [("lv", "Šis ir paraugs: "), ("en", "This is a sample: ")])
def test_each_sample_says_at_its_end_that_it_is_one(part, name, language, words):
    assert sample_sentence(part, name, language).startswith(words)


@pytest.mark.parametrize("text", ["", None, {}, {"lv": ""}, {"lv": None}, {"en": "This is a sample."}, "Paraugs"])
def test_other_texts_are_no_samples(text):
    assert list(still_sample(text, "event", "privacy_notice")) == []

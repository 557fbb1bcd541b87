import pytest

from conference.checklist import missing
from tests.factories import make_event

pytestmark = pytest.mark.django_db

BOTH = {"lv": "Teksts", "en": "Text"}


def said(event) -> list[str]:
    return [one.text for one in missing(event)]


def test_nothing_is_missing_where_all_is_written():
    event = make_event(privacy_notice=BOTH)
    event.partners.create(name=BOTH, role="supporter", funding_statement=BOTH)
    event.partners.create(name=BOTH, role="partner")
    assert missing(event) == []


@pytest.mark.parametrize("written", [{"lv": "Teksts"}, {"lv": "Teksts", "en": ""}])
def test_a_missing_translation_leads_to_its_field(written):
    event = make_event(privacy_notice=BOTH, summary=written)
    (one,) = missing(event)
    assert one.text == "Summary: English is missing."
    assert one.url == f"/admin/conference/event/{event.pk}/change/#id_summary_1"


@pytest.mark.parametrize("written", ["", {}, {"lv": "", "en": ""}])
def test_a_missing_privacy_notice_is_told_once(written):
    assert said(make_event(privacy_notice=written)) == ["Privacy notice: nothing is written."]


def test_a_funder_without_the_sentence_that_funders_ask_for():
    event = make_event(privacy_notice=BOTH)
    event.partners.create(name=BOTH, role="partner")
    event.partners.create(name={"lv": "Fonds", "en": "Fund"}, role="supporter", position=1)
    (one,) = missing(event)
    assert one.text == "Fund supports the event, but the sentence that funders ask for is not there."
    assert one.url.endswith("#id_partners-1-funding_statement_0")

import pytest
from django.core.exceptions import ValidationError
from django.db import models

from conference.admin.text_fields import MAX_ORIGINS, OriginListField
from conference.models import Event


def field() -> OriginListField:
    return OriginListField(base_field=models.CharField(), required=False)


def get_errors(typed: str) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        field().clean(typed)
    return refused.value.messages


def test_each_line_is_a_site_and_what_does_not_matter_is_forgiven():
    typed = (
        "\r\n  https://WWW.Example.org/ \r\n\r\nhttps://lnb.lv:8443\nhttps://www.example.org\nhttps://lnb.lv:443//\n"
    )
    assert field().clean(typed) == ["https://www.example.org", "https://lnb.lv:8443", "https://lnb.lv"]


@pytest.mark.parametrize("typed", ["", " \n\t\r\n", None])
def test_nothing_typed_is_no_site(typed):
    assert field().clean(typed) == []


def test_the_stored_sites_are_shown_as_lines_and_come_back_unchanged():
    sites = ["https://www.example.org", "https://lnb.lv:8443"]
    shown = field().prepare_value(sites)
    assert shown == "https://www.example.org\nhttps://lnb.lv:8443"
    assert not field().has_changed(sites, shown.replace("\n", "\r\n"))
    assert field().has_changed(sites, "https://lnb.lv:8443")
    assert field().has_changed(sites, "nonsense")


@pytest.mark.parametrize(
    "typed",
    [
        "http://example.org",
        "example.org",
        "https://*.example.org",
        "*",
        "https:",
        "https://",
        "https://localhost",
        "https://example.org/page",
        "https://example.org?a=b",
        "https://user@example.org",
        "https://example.org https://other.example",
        "https://example.org; script-src *",
        "https://example.org, https://other.example",
        "https://example.org:0",
        "https://example.org:0443",
        "https://-example.org",
        "https://straße.de",  # read as strasse.de by some, as another site by others
        "https://exａmple.org",
        "'self'",
        "data:",
        "https://" + "a" * 200 + ".example",
        "https://" + "a." * 120 + "example",
        "https://example.org\0",
    ],
)
def test_whatever_is_not_one_sites_address_is_refused_by_its_line(typed):
    (message,) = get_errors(f"https://lnb.lv\n\n{typed}")
    assert message.startswith("Line 3: ")
    assert typed.casefold() in message.casefold() or "at most 200 characters" in message


def test_the_last_port_there_is_is_taken():
    assert field().clean("https://lnb.lv:1\nhttps://lnb.lv:65535") == ["https://lnb.lv:1", "https://lnb.lv:65535"]


@pytest.mark.parametrize("port", ["0", "65536", "99999", "9" * 100])
def test_a_port_that_does_not_exist_is_told_as_such(port):
    said = f"Line 1: “https://lnb.lv:{port}” names a port that does not exist: ports are numbered from 1 to 65535."
    assert get_errors(f"https://lnb.lv:{port}") == [said]


def test_every_wrong_line_is_named():
    assert get_errors("http://a.example\nhttps://b.example\nc") == [
        "Line 1: “http://a.example” is not a website address; enter one such as https://www.example.org.",
        "Line 3: “c” is not a website address; enter one such as https://www.example.org.",
    ]


def test_a_host_with_latvian_letters_is_stored_as_browsers_send_it():
    assert field().clean("https://www.Bibliotēka.lv/") == ["https://www.xn--bibliotka-hhb.lv"]
    assert field().clean("https://www.xn--bibliotka-hhb.lv") == ["https://www.xn--bibliotka-hhb.lv"]


def test_only_as_many_sites_as_fit_into_a_header():
    sites = [f"https://www{number}.example.org" for number in range(MAX_ORIGINS + 1)]
    assert len(field().clean("\n".join(sites[:MAX_ORIGINS] + sites[:1]))) == MAX_ORIGINS
    assert get_errors("\n".join(sites)) == ["At most 20 sites can be listed."]


def test_the_events_own_field_is_typed_so():
    made = Event._meta.get_field("embed_sites").formfield(form_class=OriginListField, show_hidden_initial=False)
    assert made.clean("https://lnb.lv/") == ["https://lnb.lv"]
    assert made.label == "Sites that may show the form"

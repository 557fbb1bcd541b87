"""Every e-mail is the HTML that the standard describes, and what is not would be found."""

import pytest
from django.conf import settings

from registrations.mail.content import render_examples
from tests.realistic import conference


@pytest.mark.django_db
def test_every_e_mail_is_valid_html(validator):
    found = [
        f"{kind} {language}: {complaint}"
        for kind, in_each_language in render_examples(conference())
        for (language, _name), words in zip(settings.LANGUAGES, in_each_language, strict=True)
        for complaint in validator.complaints(words.html)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("markup", "rule"),
    [
        ("<p id=a></p><p id=a></p>", "no-dup-id"),
        ("<p><div></div></p>", "no-implicit-close"),
        ("<ul><p></p></ul>", "element-permitted-content"),
        ('<a href="x"><a href="y">z</a></a>', "element-permitted-content"),
    ],
)
def test_a_fault_would_be_found(validator, markup, rule):
    page = f'<!doctype html><html lang="en"><head><title>Page</title></head><body>{markup}</body></html>'
    assert rule in "\n".join(validator.complaints(page))

"""Whatever is sent to the door gets an answer, and nothing breaks."""

import json

import pytest
from django.utils import timezone

from attendance.models import CheckIn
from attendance.uploads import MAX_RECORDS
from tests.attendance.doors import Phone
from tests.factories import make_event, make_registration

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone():
    return Phone(make_event())


def send(phone, body: bytes, **options):
    content_type = options.pop("content_type", "application/json")
    return phone.client.post(f"/door/{phone.event.slug}/sync/", body, content_type=content_type, **options)


def dump(**values) -> bytes:
    return json.dumps({"schema": 1, "now": timezone.now().isoformat(), "cursor": "", "records": [], **values}).encode()


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"null", b"[]", b"{}", b"3", b'"x"', b"{", b"\xff\xfe", b"\0", b"[" * 100_000, b'{"a":' * 40_000),
        *(dump(schema=value) for value in (None, 0, 2, "1", [], {}, True + 1)),
        *(
            dump(now=value)
            for value in (None, "", "today", 5, [], "2027-01-01", "2027-01-01T10:00", "0001-01-01T00:00+14")
        ),
        *(dump(cursor=value) for value in (None, 5, [], {})),
        *(dump(unsent=value) for value in (None, -1, 1.5, True, "1", 2**31, 10**400)),
        *(dump(records=value) for value in (None, {}, "x", [1], [[]], [{}], [{"id": 5}], [{"id": None}])),
        dump(records=[{"id": str(number)} for number in range(MAX_RECORDS + 1)]),
        dump().replace(b'"records": []', b'"records": [], "x": ' + b"9" * 5000),
    ],
)
def test_what_is_no_upload_is_refused(phone, body):
    assert send(phone, body).status_code == 400
    assert not CheckIn.objects.exists()


WRONG = {
    "id": ["", "x", "\0", "\ud800", "x" * 100_000, "0" * 31],
    "kind": [None, "", "IN", "in ", 1, [], {}, "again"],
    "method": [None, "", "x", 1, [], {}],
    "key": [None, "x", "0" * 31, "0" * 33, "A" * 32, 5, [], "\0" * 32, "٠" * 32, "0" * 32 + "\n"],
    "at": [None, "", "x", 5, "2027-01-01T10:00:00", "2027-13-01T10:00:00Z", "\0"],
    "undoes": ["", "x", 5, [], "c46f2609-6391-4101-b386-36c251e83d8b"],
    "door": ["1", -1, 1.5, True, [], {}, 2**63],
    "reason": [5, [], {}, True],
    "practice": [None, "x", 1, []],
    "walk_in": ["x", 5, [], True],
}


@pytest.mark.parametrize(("field", "value"), [(field, value) for field, values in WRONG.items() for value in values])
def test_a_wrong_record_is_refused_and_the_others_are_stored(phone, field, value):
    person = make_registration(phone.event)
    right, wrong = phone.record(person), phone.record(person, **{field: value})
    answer = phone.sync(right, wrong)
    assert answer["stored"] == [right["id"]]
    assert list(answer["refused"]) == [wrong["id"][:100]]
    assert CheckIn.objects.count() == 1


@pytest.mark.parametrize("reason", ["a\0b", "\ud800x", "x" * 100_000, "\u202eabc", "<b>", "\n\n\t"])
def test_any_text_is_stored_as_a_line(phone, reason):
    answer = phone.sync(phone.record("0" * 32, reason=reason))
    assert len(answer["stored"]) == 1
    stored = CheckIn.objects.get().reason
    assert len(stored) <= 200
    assert "\0" not in stored


@pytest.mark.parametrize(
    "cursor", ["x", "0.0", "1.1", "-1.5", "9" * 300, "1." + "9" * 18, "\0", "\ud800", "1.1.1", "٣.٣"]
)
def test_an_unknown_cursor_gets_everything(phone, cursor):
    make_registration(phone.event)
    phone.sync()
    answer = phone.sync(cursor=cursor)
    assert (answer["list"]["full"], len(answer["list"]["entries"])) == (True, 1)


def test_too_much_at_once_is_refused_unread(phone):
    assert send(phone, b" " * (256 * 1024 + 1)).status_code == 413


def test_only_posts_are_taken(phone):
    assert phone.client.get(f"/door/{phone.event.slug}/sync/").status_code == 405

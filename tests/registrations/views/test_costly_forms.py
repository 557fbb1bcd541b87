"""No value of a public form, however long or often repeated, makes more than a little work."""

from urllib.parse import quote, urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registrations.forms.attendee import EditForm, FindForm, SignUpForm
from registrations.models import Registration
from tests.factories import make_event, make_form_data, make_registration, make_topic
from tests.memory import at_most_megabytes
from tests.realistic import ask_everything

pytestmark = pytest.mark.django_db

FILLINGS = ["x", "1,", "a@", "é", "9", "-"]
MANY = [list(range(950)), ["1"] * 950]  # as many as a request may have


@pytest.fixture
def event(settings):
    settings.SIGNUP_RATE_LIMIT = (10_000, 3600)
    event = make_event()
    for number in range(5):
        make_topic(event, f"Topic {number}")
    ask_everything(event)
    return event


def open_form(name: str, event) -> tuple[str, list[str], dict]:
    """The form's address, the names of its fields, and what they have when it is filled in right."""
    person = make_registration(event)
    right = make_form_data(event)
    forms = {
        "registrations:register": lambda: SignUpForm(event=event),
        "registrations:embed": lambda: SignUpForm(event=event),
        "registrations:edit": lambda: EditForm(instance=person),
        "registrations:find": FindForm,
    }
    arguments = {"registrations:edit": [person.manage_token], "registrations:find": []}.get(name, [event.slug])
    return reverse(name, args=arguments), [*forms[name]().fields, "checked_email", "unknown"], right


def list_costly_values(fields: list[str], *, matrix: bool) -> list[dict]:
    """Values of 4 KB in all fields at once, and very many of each field that takes several."""
    several = [field for field in fields if field in ("topics", "question_dietary_needs", "question_workshop")]
    fillings, many = (FILLINGS, MANY) if matrix else (FILLINGS[:3], MANY[:1])
    long = [dict.fromkeys(fields, filling * (4096 // len(quote(filling)))) for filling in fillings]
    return long + [{field: values} for field in several for values in many]


def pytest_generate_tests(metafunc):
    if "name" in metafunc.fixturenames:
        matrix = metafunc.config.getoption("matrix")
        metafunc.parametrize("name", ["embed", "register", "edit", "find"] if matrix else ["embed"])


@pytest.mark.matrix
def test_every_field_is_refused_or_read_with_little_work(client, event, name, request):
    address, fields, right = open_form(f"registrations:{name}", event)
    right["email"] = "nobody@"
    with CaptureQueriesContext(connection) as plain:
        assert post(client, address, right).status_code == 200
    costly = {}
    for values in list_costly_values(fields, matrix=request.config.getoption("matrix")):
        with at_most_megabytes(6), CaptureQueriesContext(connection) as asked:
            assert post(client, address, right | values).status_code in (200, 302)
        if len(asked) > len(plain) + 5 or sum(len(one["sql"]) for one in asked.captured_queries) > 50_000:
            costly[str(values)[:60]] = [one["sql"][:100] for one in asked.captured_queries]
    assert costly == {}


def post(client, address: str, data: dict):
    """Post as browsers do; the test client would send a form of many parts, which take long to trace."""
    return client.post(address, urlencode(data, doseq=True), content_type="application/x-www-form-urlencoded")


def test_more_topics_than_there_are_choose_nothing(client, event):
    """Each of 950 topics was looked for on its own, in a form that needs no token."""
    topic = event.topics.first()
    for topics in ([topic.pk] * 6, [topic.pk, 10**9], ["x"], list(range(950))):
        data = make_form_data(event, topics=topics, email="anna@example.lv")
        response = client.post(reverse("registrations:embed", args=[event.slug]), data)
        assert "no longer available" in response.content.decode()
        assert response.context["form"].errors.keys() >= {"topics"}
    assert not Registration.objects.filter(email="anna@example.lv").exists()

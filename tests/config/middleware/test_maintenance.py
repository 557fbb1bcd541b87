import pytest

from registrations.models import Registration
from tests.config.test_outages import is_unavailable
from tests.factories import make_event, make_form_data, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("path", ["/en/", "/en/{}/", "/en/{}/register/", "/en/find/", "/en/r/x/", "/en/nowhere/", "/x"])
def test_in_maintenance_every_page_says_so_without_asking_the_database(visitor, settings, no_database, path):
    slug = make_event().slug
    settings.MAINTENANCE = True
    no_database()
    assert is_unavailable(visitor.get(path.format(slug)), "<h1>The site is down for maintenance</h1>")
    assert is_unavailable(visitor.get(path.format(slug).replace("/en/", "/lv/")), "uzturēšanas darbi") or path == "/x"


def test_in_maintenance_nothing_is_stored_and_the_page_says_so(visitor, settings):
    event = make_event()
    settings.MAINTENANCE = True
    response = visitor.post(f"/en/{event.slug}/register/", make_form_data(event))
    assert is_unavailable(response, "What you sent was not saved.")
    assert not Registration.objects.exists()


def test_in_maintenance_organisers_and_the_monitor_go_on(visitor, settings):
    settings.MAINTENANCE = True
    assert visitor.get("/healthz/").status_code == 200
    assert visitor.get("/account/log-in/").status_code == 200
    visitor.force_login(make_user(is_superuser=True))
    assert visitor.get("/admin/").status_code == 200
    assert is_unavailable(visitor.get("/en/"), "The site is down for maintenance")


# Browsers take a backslash for a slash, and leave out tabs and line breaks.
@pytest.mark.parametrize(
    ("path", "again"),
    [
        ("//evil.example/", "/%2Fevil.example/"),
        ("/\\evil.example/", "/%5Cevil.example/"),
        ("/\t/evil.example/", "/%09/evil.example/"),
    ],
)
def test_a_link_to_try_again_stays_on_the_site(visitor, settings, path, again):
    settings.MAINTENANCE = True
    response = visitor.get("/", PATH_INFO=path)
    assert f'href="{again}"' in response.content.decode()

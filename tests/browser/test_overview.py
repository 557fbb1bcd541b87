"""The overview's charts, in a real browser and under the site's Content-Security-Policy."""

import pytest

from tests.browser.log_in import log_in
from tests.browser.test_sign_up import scrolls_sideways
from tests.factories import make_event, make_registration, make_user

pytestmark = pytest.mark.django_db(transaction=True)

DRAWN = """canvas =>
    canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some(value => value)"""


@pytest.fixture
def event():
    event = make_event(capacity=10)
    make_registration(event, country="LV", organisation="Garšnosaukums" * 12)
    make_registration(event, country="LV")
    make_registration(event, country="EE")
    return event


def opened(open_page, address, **options):
    organiser = make_user(is_superuser=True)
    page = open_page(address, **options)
    log_in(page, organiser)
    page.wait_for_selector("#content-main")
    return page


def test_charts_are_drawn_and_lead_to_the_people_they_count(open_page, event):
    page = opened(open_page, f"/admin/conference/event/{event.pk}/overview/", width=1280)
    canvas = page.locator("canvas[data-chart=country]")
    canvas.wait_for(state="visible")
    assert all(chart.evaluate(DRAWN) for chart in page.locator("canvas").all())
    box = canvas.bounding_box()
    canvas.click(position={"x": box["width"] * 0.4, "y": box["height"] * 0.2})
    page.wait_for_url("**country=LV**")
    assert page.locator("#result_list tbody tr").count() == 2


def test_charts_take_the_colours_of_the_theme(open_page, event):
    page = opened(open_page, f"/admin/conference/event/{event.pk}/overview/", width=1280, color_scheme="light")
    page.locator("canvas[data-chart=country]").wait_for(state="visible")
    light = page.evaluate("Chart.defaults.color")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_function("before => Chart.defaults.color !== before", arg=light)


def test_without_javascript_the_tables_lead_there(open_page, event):
    page = opened(open_page, f"/admin/conference/event/{event.pk}/overview/", width=1280, java_script_enabled=False)
    assert not page.locator("canvas").first.is_visible()
    page.locator("[aria-labelledby=figure-country] summary").click()
    page.get_by_role("link", name="Latvija").click()
    page.wait_for_url("**country=LV**")
    assert page.locator("#result_list tbody tr").count() == 2


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_scrolls_sideways_on_a_phone(open_page, event, width):
    page = opened(open_page, "/admin/", width=width)
    assert not scrolls_sideways(page)
    page.goto(f"/admin/conference/event/{event.pk}/overview/")
    page.locator("canvas[data-chart=country]").wait_for(state="visible")
    assert not scrolls_sideways(page)

"""Requests to the admin's pages."""

from urllib.parse import urlencode

from django.urls import reverse

LIST_URL = reverse("admin:registrations_registration_changelist")
ADD_URL = reverse("admin:registrations_registration_add")
EXPORT_URL = reverse("admin:registrations_registration_export")


def get_page(client, address, **query) -> str:
    response = client.get(address, query)
    assert response.status_code == 200
    return response.content.decode()


def get_first_page(client) -> str:
    """Return where the admin begins: the overview of an event, if there is one."""
    response = client.get(reverse("admin:index"), follow=True)
    assert response.status_code == 200
    return response.content.decode()


def run_action(client, action, *registrations, notify=True, **values) -> list[str]:
    """Run an action of the list, with its confirmation page if it has one, and return the messages."""
    data = {"action": action, "_selected_action": [registration.pk for registration in registrations]}
    response = client.post(LIST_URL, data)
    if response.status_code == 200:
        answer = {"asked": len(registrations), **({"notify": "on"} if notify else {}), **values}
        response = client.post(LIST_URL, {**data, **answer})
    if response.status_code != 302:
        return []
    return [str(message) for message in client.get(response["Location"]).context["messages"]]


def post_export(client, *, format="csv", columns=("last_name", "first_name"), order="name", **query):
    """Submit the export form for the people whom the list shows under `query`."""
    address = f"{EXPORT_URL}?{urlencode(query)}"
    return client.post(address, {"export": "Export", "format": format, "order": order, "columns": columns})


def post_preset_list(client, which: str, **query):
    """Press the button of a preset list, such as badges.xlsx."""
    return client.post(f"{EXPORT_URL}?{urlencode(query)}", {"list": which})


def read_download(response) -> bytes:
    """Return the downloaded file."""
    assert response.status_code == 200
    assert response.get("Content-Disposition", "").startswith("attachment"), response.content.decode()
    return b"".join(response)

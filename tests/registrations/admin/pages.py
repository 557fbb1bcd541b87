"""The admin's pages, and what they say."""

from django.urls import reverse

LIST = reverse("admin:registrations_registration_changelist")
ADD = reverse("admin:registrations_registration_add")
EXPORT = reverse("admin:registrations_registration_export")


def page(client, address, **query) -> str:
    response = client.get(address, query)
    assert response.status_code == 200
    return response.content.decode()


def download(response) -> str:
    return b"".join(response).decode()


def do(client, action, *registrations, notify=True, **values) -> list[str]:
    """Do this action of the list with these people, answering the page that asks, if it does; what is said then."""
    data = {"action": action, "_selected_action": [registration.pk for registration in registrations]}
    response = client.post(LIST, data)
    if response.status_code == 200:
        answer = {"asked": len(registrations), **({"notify": "on"} if notify else {}), **values}
        response = client.post(LIST, {**data, **answer})
    if response.status_code != 302:
        return []
    return [str(message) for message in client.get(response["Location"]).context["messages"]]

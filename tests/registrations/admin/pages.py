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

"""Pages as a visitor is answered."""


def get_page(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()

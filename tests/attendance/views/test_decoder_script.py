"""The worker that reads codes."""

import pytest
from django.conf import settings

from attendance.views.door_page import build_worker, list_files


@pytest.mark.django_db  # the page that refuses reads it
def test_the_decoder_is_the_static_one_and_loads_only_scripts_of_the_site(client):
    response = client.get("/door/decoder.js")
    assert response.content == b'import "/static/door/decoder.js";\n'
    assert response["Content-Type"] == "text/javascript"
    assert {*response["Content-Security-Policy"].split("; ")} == {"default-src 'none'", "script-src 'self'"}
    assert "no-store" in response["Cache-Control"]
    assert client.post("/door/decoder.js").status_code == 405


def test_a_phone_keeps_all_that_reads_codes():
    assert '"/door/decoder.js"' in build_worker()
    needed = ["scanner.js", "decoder.js", "code_reader.js"]
    decoder = sorted(path.name for path in (settings.BASE_DIR / "static" / "vendor" / "qr-0.7.0").glob("*.js"))
    assert {f"door/{name}" for name in needed} | {f"vendor/qr-0.7.0/{name}" for name in decoder} <= {*list_files()}

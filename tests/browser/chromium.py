"""The system's chromium, if it has one."""

import os
import shutil

# The shell is chromium without a window, and judges the pages almost twice as fast.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, PROGRAMS)), None)
IS_MISSED = CHROMIUM is None and not os.environ.get("CI")

"""What values of settings are made of."""

import re
import sys


class Secret(str):
    """A text that nothing shows by accident: not `diffsettings`, no traceback, no page about an error."""

    def __repr__(self):
        return "'********'"


def parse_rate(text: str) -> tuple[int, int]:
    """Parse "200/h" or "20/10m" to (times, seconds); the unit is one of s, m, h, d."""
    found = re.fullmatch(r"([0-9]{1,9})/([0-9]{0,4})([smhd])", text)
    times, number = (int(found[1]), int(found[2] or 1)) if found else (0, 0)
    if not (times and number):
        sys.exit(f"A rate is written like 200/h or 20/10m (at least 1, units s, m, h, d), not {text!r}.")
    return times, number * {"s": 1, "m": 60, "h": 3600, "d": 86400}[found[3]]

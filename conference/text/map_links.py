"""Where on the map a pasted link or typed coordinates are."""

import re
from decimal import Decimal

NUMBER = r"(-?\d{1,3}(?:\.\d+)?)"
# In the order in which they are looked for: the place itself before the middle of the map.
LATITUDE_FIRST = [
    rf"mlat={NUMBER}&mlon={NUMBER}",  # OpenStreetMap, a marker
    rf"!3d{NUMBER}!4d{NUMBER}",  # Google, a place
    rf"[?&](?:q|query|ll|sll|daddr|destination|coordinate|center)=(?:loc:)?{NUMBER}(?:,|%2C)\+?{NUMBER}",
    rf"[?&]cp={NUMBER}(?:~|%7E){NUMBER}",  # Bing
    rf"[#&?]map=\d+(?:\.\d+)?/{NUMBER}/{NUMBER}",  # OpenStreetMap, the map
    rf"@{NUMBER},{NUMBER}",  # Google, the map
    rf"geo:{NUMBER},{NUMBER}",
    rf"^{NUMBER}°?\s*[,; ]\s*{NUMBER}°?$",
]
LONGITUDE_FIRST = [rf"[?&]x={NUMBER}&y={NUMBER}"]  # Mapy.com
DECIMAL_COMMAS = re.compile(r"(-?\d{1,3}),(\d+)\s*[;\s]\s*(-?\d{1,3}),(\d+)")
STEP = Decimal("0.00001")  # about a metre


def find_coordinates(text: str) -> tuple[Decimal, Decimal] | None:
    """Return latitude and longitude in degrees, rounded to a metre, or None if `text` names no point on Earth."""
    text = DECIMAL_COMMAS.sub(r"\1.\2, \3.\4", text.strip())
    pairs = [found.groups() for pattern in LATITUDE_FIRST if (found := re.search(pattern, text))]
    pairs += [found.groups()[::-1] for pattern in LONGITUDE_FIRST if (found := re.search(pattern, text))]
    for latitude, longitude in pairs:
        found = Decimal(latitude).quantize(STEP), Decimal(longitude).quantize(STEP)
        if abs(found[0]) <= 90 and abs(found[1]) <= 180:
            return found
    return None

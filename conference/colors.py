"""The site's colours, for what no style sheet reaches: e-mails, the icon and the picture of a shared link.

static/css/site.css sets them; nothing else repeats one.
"""

import re

from django.conf import settings

TOKEN = re.compile(r"--([\w-]+): (#(?:[0-9a-f]{3}){1,2});")


def read_colors(css: str) -> dict[str, str]:
    """The colours that the style sheet sets by name."""
    return dict(TOKEN.findall(css))


# The first block of the file holds the light colours, the next one the dark ones.
_BLOCKS = (settings.BASE_DIR / "static" / "css" / "site.css").read_text(encoding="utf-8").split(":root {", 3)
LIGHT = read_colors(_BLOCKS[1])
DARK = LIGHT | read_colors(_BLOCKS[2])

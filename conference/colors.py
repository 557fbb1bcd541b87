"""The site's colours, set in static/css/site.css, for what no style sheet reaches: e-mails, the icon, og:image."""

import re

from django.conf import settings

TOKEN = re.compile(r"--([\w-]+): (#(?:[0-9a-f]{3}){1,2});")

# The first block of the file holds the light colours, the next one the dark ones.
_BLOCKS = (settings.BASE_DIR / "static" / "css" / "site.css").read_text(encoding="utf-8").split(":root {", 3)
LIGHT = dict(TOKEN.findall(_BLOCKS[1]))
DARK = LIGHT | dict(TOKEN.findall(_BLOCKS[2]))

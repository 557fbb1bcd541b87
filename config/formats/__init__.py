"""How dates and times are written and read. Both languages read the same forms, the first of which fields show.

No form has slashes, as 10/06/2027 is in June for some people and in October for others.
"""

DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%Y.", "%d. %m. %Y", "%d. %m. %Y."]
TIME_INPUT_FORMATS = ["%H:%M:%S", "%H:%M", "%H.%M", "%H"]

"""Every page that the public can see, in every state, and those of accounts.

Each entry of PAGES makes what its page needs and opens it: given `open`, which opens a path and returns the browser's
page, it returns that page as it is to be looked at. It runs in the language that the page is to have.
"""

from tests.pages import accounts, door, personal, plain_door, reading, refused, signing_up

OF_THE_SITE = reading.PAGES | signing_up.PAGES | personal.PAGES | refused.PAGES
PAGES = OF_THE_SITE | accounts.PAGES | door.PAGES | plain_door.PAGES

__all__ = ["PAGES"]

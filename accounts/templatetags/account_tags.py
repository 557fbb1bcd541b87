"""Template tags about the user's own account: what is missing, and what a session was begun with."""

import re

from django import template

from accounts.second_factor import get_deadline

register = template.Library()

# In this order: most browsers name others too.
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
}
BROWSERS |= {"CriOS": "Chrome", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Macintosh": "Mac"}
SYSTEMS |= {"CrOS": "ChromeOS", "Linux": "Linux"}


@register.simple_tag(takes_context=True)
def second_factor_deadline(context):
    """Until when the user must set up the second factor, or None."""
    user = context.get("user")
    return get_deadline(user) if user and user.is_authenticated else None


@register.filter
def device_name(user_agent: str) -> str:
    """The browser and the system of this User-Agent header, as far as they are known: “Firefox, Windows”."""
    names = (find_name(user_agent, BROWSERS), find_name(user_agent, SYSTEMS))
    return ", ".join(filter(None, names))


def find_name(user_agent: str, names: dict[str, str]) -> str:
    return next((name for mark, name in names.items() if re.search(rf"\b{mark}\b", user_agent)), "")

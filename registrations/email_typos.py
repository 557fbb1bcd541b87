"""E-mail addresses that look mistyped: a letter away from a big mail host, or with an ending that no domain has."""

from functools import lru_cache

from django.db.models import Count, F, Func, TextField, Value
from django.db.models.functions import Lower
from django_countries import countries
from rapidfuzz.distance import OSA

from registrations.models import RegistrationQuerySet

COMMON_HOSTS = [
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "yahoo.com",
    "icloud.com",
    "live.com",
    "protonmail.com",
    "inbox.lv",
    "apollo.lv",
    "tvnet.lv",
    "lnb.lv",
    "delfi.lv",
    "mail.ee",
    "hot.ee",
    "yandex.com",
    "seznam.cz",
    "orange.fr",
    "web.de",
    "t-online.de",
]
# Hosts that exist, though they look like another.
KNOWN_HOSTS = {
    *COMMON_HOSTS,
    "mail.com",
    "email.com",
    "ymail.com",
    "gmx.de",
    "gmx.com",
    "gmx.net",
    "me.com",
    "proton.me",
}
# Real countries' endings, at which no big mail host is, and what fingers make of .com and .lv.
TYPO_COUNTRY_ENDINGS = {"co", "cm", "om", "lb", "lc"}
# Endings that no domain has, and what was meant.
TYPO_ENDINGS = {
    **dict.fromkeys(["con", "cmo", "ocm", "vom", "xom", "cim", "comm", "coom", "cpm"], "com"),
    **dict.fromkeys(["lvv", "lvl"], "lv"),
    "nett": "net",
    "ogr": "org",
}
# Short names are a letter away from too many others: of them only neighbours that changed places count.
SHORT_HOST_LENGTH, LONG_HOST_LENGTH = 8, 11


def is_domain_typo(domain: str) -> bool:
    """Whether this part of an address after the @, in small letters, is probably not what was meant."""
    return suggest_domain(domain) != domain


def suggest_email(email: str) -> str:
    """The address that was probably meant by this one; itself where it looks right."""
    local, _at, domain = email.rpartition("@")
    return f"{local}@{suggest_domain(domain)}"


@lru_cache(maxsize=10_000)
def suggest_domain(domain: str) -> str:
    """What was probably meant by this part of an address after the @, in small letters; itself where it looks right."""
    front, dot, ending = domain.rpartition(".")
    domain = f"{front}.{TYPO_ENDINGS.get(ending, ending)}" if dot else domain
    name, _dot, ending = domain.partition(".")
    if domain in KNOWN_HOSTS or is_host_of_another_country(name, ending):
        return domain
    near = [host for host in COMMON_HOSTS if is_near(domain, host)]
    return min(near, key=lambda host: OSA.distance(domain, host), default=domain)


def is_host_of_another_country(name: str, ending: str) -> bool:
    """Whether a big host is called `name`, and this may be what it has in another country, such as yahoo.de."""
    known = any(host.partition(".")[0] == name for host in COMMON_HOSTS)
    return known and ending.upper() in countries.countries and ending not in TYPO_COUNTRY_ENDINGS


def is_near(domain: str, host: str) -> bool:
    if len(host) < SHORT_HOST_LENGTH:
        return sorted(domain) == sorted(host) and OSA.distance(domain, host) == 1
    return OSA.distance(domain, host) <= (2 if len(host) >= LONG_HOST_LENGTH else 1)


# The part of an address after the @, in small letters.
DOMAIN = Lower(Func(F("email"), Value("@"), Value(-1), function="split_part", output_field=TextField()))


def filter_typos(registrations: RegistrationQuerySet) -> RegistrationQuerySet:
    """Those of `registrations` whose address looks mistyped. Asks at once for the domains that occur: one query."""
    domains = registrations.order_by().annotate(domain=DOMAIN).values_list("domain", flat=True).distinct()
    return registrations.alias(domain=DOMAIN).filter(domain__in=[one for one in domains if is_domain_typo(one)])


def count_typos(registrations: RegistrationQuerySet) -> int:
    """How many of `registrations` have an address that looks mistyped. One query."""
    counts = registrations.order_by().annotate(domain=DOMAIN).values_list("domain").annotate(number=Count("*"))
    return sum(number for domain, number in counts if is_domain_typo(domain))

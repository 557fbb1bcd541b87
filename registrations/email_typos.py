"""Typos in e-mail addresses: one letter different from a common mail host, or an ending that does not exist."""

from functools import lru_cache

from django.db.models import Count, F, Func, TextField, Value
from django_countries import countries

from conference.text.email_addresses import decode_domain
from registrations.models import RegistrationQuerySet

COMMON_HOSTS = [
    *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "live.com"),
    *("protonmail.com", "inbox.lv", "apollo.lv", "tvnet.lv", "lnb.lv", "delfi.lv", "mail.ee", "hot.ee"),
    *("yandex.com", "seznam.cz", "orange.fr", "web.de", "t-online.de"),
]
COMMON_NAMES = {host.partition(".")[0] for host in COMMON_HOSTS}
# Hosts that exist, although they are similar to others.
OTHER_HOSTS = ["mail.com", "email.com", "ymail.com", "gmx.de", "gmx.com", "gmx.net", "me.com", "proton.me"]
KNOWN_HOSTS = {*COMMON_HOSTS, *OTHER_HOSTS}
# Endings of countries without a common mail host, which are usually typos of .com and .lv.
TYPO_COUNTRY_ENDINGS = {"co", "cm", "om", "lb", "lc"}
# Endings that do not exist, and the intended ones.
TYPO_ENDINGS = {
    **dict.fromkeys(["con", "cmo", "ocm", "vom", "xom", "cim", "comm", "coom", "cpm"], "com"),
    **dict.fromkeys(["lvv", "lvl"], "lv"),
    "nett": "net",
    "ogr": "org",
}
# Too many other hosts differ from a short one by one letter. There, only swapped letters count as a typo.
SHORT_HOST_LENGTH, LONG_HOST_LENGTH = 8, 11


def is_domain_typo(domain: str) -> bool:
    """Whether this domain of an address, in lower case, is probably a typo."""
    return suggest_domain(domain) != domain


def suggest_email(email: str) -> str:
    """Return the address that was probably intended; the same one if it looks right."""
    local, _at, domain = email.rpartition("@")
    return f"{local}@{suggest_domain(domain)}"


@lru_cache(maxsize=10_000)
def suggest_domain(domain: str) -> str:
    """Return the domain that was probably intended, in lower case; the same one if it looks right."""
    readable = decode_domain(domain)
    intended = correct_domain(readable)
    return domain if intended == readable else intended


def correct_domain(domain: str) -> str:
    """Return what `suggest_domain` does, for a domain in its own letters."""
    front, dot, ending = domain.rpartition(".")
    domain = f"{front}.{TYPO_ENDINGS.get(ending, ending)}" if dot else domain
    name, _dot, ending = domain.partition(".")
    is_of_a_country = ending.upper() in countries.countries and ending not in TYPO_COUNTRY_ENDINGS
    if domain in KNOWN_HOSTS or (name in COMMON_NAMES and is_of_a_country):  # such as yahoo.de
        return domain
    near = [host for host in COMMON_HOSTS if is_near(domain, host)]
    return min(near, key=lambda host: count_typing_errors(domain, host), default=domain)


def is_near(domain: str, host: str) -> bool:
    if len(host) < SHORT_HOST_LENGTH:
        return sorted(domain) == sorted(host) and count_typing_errors(domain, host) == 1
    most = 2 if len(host) >= LONG_HOST_LENGTH else 1
    return count_typing_errors(domain, host, most=most) <= most


# The domain of an address as it was written: putting them all into lower case takes the database longer than the rest.
DOMAIN = Func(F("email"), Value("@"), Value(-1), function="split_part", output_field=TextField())


def filter_typos(registrations: RegistrationQuerySet) -> RegistrationQuerySet:
    """Return the registrations whose address has a typo. Makes one query at once, for the domains."""
    domains = registrations.order_by().annotate(domain=DOMAIN).values_list("domain", flat=True).distinct()
    return registrations.alias(domain=DOMAIN).filter(domain__in=[one for one in domains if is_domain_typo(one.lower())])


def count_typos(registrations: RegistrationQuerySet) -> int:
    """Return how many of the registrations have an address with a typo. One query."""
    counts = registrations.order_by().annotate(domain=DOMAIN).values_list("domain").annotate(number=Count("*"))
    return sum(number for domain, number in counts if is_domain_typo(domain.lower()))


def count_typing_errors(one: str, other: str, *, most: int | None = None) -> int:
    """Return the number of letters that are wrong, missing, too many or swapped; `most` + 1 if there are more."""
    from rapidfuzz.distance import OSA  # few requests need it, and it is large

    return OSA.distance(one, other, score_cutoff=most)

"""The settings: one file, the environment decides. `.env.example` lists every variable; reading them starts nothing."""

import secrets
import sys
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.browser_policies import *  # noqa: F403 (settings)
from config.database_limits import LimitedCursor
from config.log_in import *  # noqa: F403 (settings)
from config.logging import LOGGING  # noqa: F401 (a setting)
from config.setting_values import Secret, parse_rate

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")

# Off unless said: with it on, errors show the code, and the secrets have defaults.
DEBUG = env.bool("DEBUG", default=False)


def require(name: str, development_default: str) -> str:
    """Return the variable's value. If it is not set, exit with one line: production has no defaults."""
    if value := env.str(name, default="") or (development_default if DEBUG else ""):
        return value
    sys.exit(f"{name} is not set. With DEBUG off it has no default; see .env.example. In development: make run")


def parse_url(name: str, development_default: str, parse) -> dict:
    """Return what the URL in the variable says, without keeping the URL, and with its password as a Secret."""
    try:
        parts = parse(require(name, development_default))
    except (ValueError, ImproperlyConfigured):
        sys.exit(f"{name} is not a URL. Are the special characters of its password percent-encoded? See .env.example.")
    return {key: Secret(value) if key.endswith("PASSWORD") and value else value for key, value in parts.items()}


# Whether visitors only get a page that says that the site is being maintained.
MAINTENANCE = env.bool("MAINTENANCE", default=False)

# The URL of the site. Links in e-mails start with it, and it decides whether HTTPS is required.
SITE_URL = require("SITE_URL", "http://localhost:8000").rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname or "localhost"
HTTPS = SITE_URL.startswith("https://")
if HTTPS and DEBUG:
    sys.exit("DEBUG is on, and SITE_URL begins with https://. A public site must not show its errors: DEBUG=off.")

ALLOWED_HOSTS = [host.strip() for host in require("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")]
SECRET_KEY = Secret(require("SECRET_KEY", secrets.token_urlsafe(50)))
if SECRET_KEY == "put-a-long-random-text-here" and not DEBUG:  # noqa: S105 (the example's)
    sys.exit("SECRET_KEY is still the example's. Make one: head -c 48 /dev/urandom | base64")

INSTALLED_APPS = [
    "accounts.apps.StaffAdminConfig",  # the stock admin with our AdminSite
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",  # the templates of its widgets
    "django_countries",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "conference",
    "registrations.apps.RegistrationsConfig",
    "attendance.apps.AttendanceConfig",
    "backups",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "accounts.apps.AccountsConfig",
]

# Whether `manage.py make_registrations` can create sample people, for development and benchmarks.
if env.bool("SAMPLE_DATA", default=DEBUG):
    INSTALLED_APPS.append("sample_data")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.compression.CompressionMiddleware",
    "config.middleware.page_cache.PageCacheMiddleware",  # answers in place of all below it
    "config.middleware.response_headers.ResponseHeadersMiddleware",
    "config.middleware.connection_checks.ConnectionCheckMiddleware",
    "config.middleware.statement_timeout.StatementTimeoutMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.embedding.EmbedMiddleware",  # hides cookies from all below it
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.session_expiry.SessionExpiryMiddleware",
    "django.middleware.common.CommonMiddleware",
    "config.middleware.maintenance.MaintenanceMiddleware",
    "config.middleware.request_checks.RequestChecksMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.middleware.earlier_addresses.EarlierAddressMiddleware",
]

ROOT_URLCONF = "config.urls"
FORCE_SCRIPT_NAME = ""  # the site is at the root of its host, whatever a SCRIPT_NAME header says
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # so that our widget templates override the stock ones
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# All of it works through PgBouncer in transaction mode too, which gives a connection to others between transactions:
# so there are no options for a connection, and no cursors that outlive a transaction.
# connect_timeout, in seconds: visitors do not wait longer for a page, and a waiting process serves nobody.
DATABASES = {"default": parse_url("DATABASE_URL", "postgresql:///conference", env.db_url_config)}
DATABASES["default"].setdefault("DISABLE_SERVER_SIDE_CURSORS", True)
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DATABASES["default"]["OPTIONS"]["cursor_factory"] = LimitedCursor
# In seconds: a query of a page that takes longer is ended. Exports have more time, commands have as much as they need.
STATEMENT_TIMEOUT = env.int("STATEMENT_TIMEOUT", default=20)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}Validator"}
    for name in ("UserAttributeSimilarity", "MinimumLength", "CommonPassword", "NumericPassword")
]
# Whether organisers and superusers must set up two-step log-in, at most a week after their next log-in.
REQUIRE_TWO_FACTOR = env.bool("REQUIRE_TWO_FACTOR", default=not DEBUG)

# English is the source language, and the fallback for browsers that ask for no language offered here.
LANGUAGE_CODE = "en"
LANGUAGES = [("lv", _("Latvian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
# Countries that django-countries does not have, or whose Latvian name in it is missing, long or out of date.
COUNTRIES_OVERRIDE = {
    "AS": _("American Samoa"),
    "BM": _("Bermuda"),
    "BS": _("Bahamas"),
    "FM": _("Micronesia"),
    "GQ": _("Equatorial Guinea"),
    "KM": _("Comoros"),
    "MK": _("North Macedonia"),
    "PG": _("Papua New Guinea"),
    "PS": _("Palestine"),
    "SC": _("Seychelles"),
    "SH": _("Saint Helena"),
    "SZ": _("Eswatini"),
    "TC": _("Turks and Caicos Islands"),
    "TL": _("Timor-Leste"),
    "VA": _("Vatican City"),
    "WS": _("Samoa"),
    "XK": {"name": _("Kosovo"), "alpha3": "XKX"},
}
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = env.str("TIME_ZONE", default="Europe/Riga")

# Where it is written down what was erased, so that a restored backup does not bring it back.
ERASURE_LEDGER = Path(env.str("ERASURE_LEDGER", default=str(BASE_DIR / "var" / "erasures.ledger")))

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "conference.module_storage.ModuleStorage"
    },
}

vars().update(parse_url("EMAIL_URL", f"filemail:///{BASE_DIR / 'var' / 'emails'}", env.email_url_config))
if EMAIL_BACKEND == "django.core.mail.backends.filebased.EmailBackend":  # noqa: F405 (from the URL)
    EMAIL_BACKEND = "registrations.mail.private_folder.PrivateFolderBackend"
EMAIL_TIMEOUT = 30
# The rate of e-mail over all senders together, as the mail server allows.
EMAIL_RATE = parse_rate(env.str("EMAIL_RATE", default="10/s"))
# Messages to one mailbox, whatever strangers do on the site with its address.
MAILBOX_RATE_LIMIT = parse_rate(env.str("MAILBOX_RATE_LIMIT", default="6/h"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"conference@{SITE_HOST}")
# Whom to tell of a security problem: an e-mail address, or the URL of a page. It is shown in security.txt.
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default=parseaddr(DEFAULT_FROM_EMAIL)[1])

# In bytes. A form has fewer than twenty short fields.
DATA_UPLOAD_MAX_MEMORY_SIZE = env.int("DATA_UPLOAD_MAX_MEMORY_SIZE", default=256 * 1024)
# Pages that accept files, as patterns of their whole path, and their maximum body size: one list of 5 MB, two pictures
# of 5 MB or many logos. Even anonymous requests may send that much before they are refused.
UPLOAD_MAX_SIZES = {
    r"/admin/registrations/registration/import/": 5 * 1024 * 1024 + DATA_UPLOAD_MAX_MEMORY_SIZE,
    r"/admin/conference/event/[0-9]{1,18}/settings/(texts|partners)/": 10 * 1024 * 1024 + DATA_UPLOAD_MAX_MEMORY_SIZE,
}

# Registrations, and searches for links, from one network address. Generous, as a whole library shares one.
SIGNUP_RATE_LIMIT = parse_rate(env.str("SIGNUP_RATE_LIMIT", default="200/h"))
FIND_RATE_LIMIT = parse_rate(env.str("FIND_RATE_LIMIT", default="100/h"))
# From this many registrations from one network on, places are held until the addresses are confirmed by e-mail.
BURST_LIMIT = parse_rate(env.str("BURST_LIMIT", default="20/10m"))
# In seconds: a sign-up form that comes back sooner is shown again. 0: no form is asked when it was issued.
SIGNUP_MIN_SECONDS = env.int("SIGNUP_MIN_SECONDS", default=2)
# The number of our proxies in front; only that many hops of X-Forwarded-For are trusted.
TRUSTED_PROXY_HOPS = env.int("TRUSTED_PROXY_HOPS", default=0)

DEFAULT_EXCEPTION_REPORTER_FILTER = "config.error_reports.PrivateReporterFilter"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=365 * 24 * 3600) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_SUBDOMAINS", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # about subdomains, which are not this site's to decide
if TRUSTED_PROXY_HOPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

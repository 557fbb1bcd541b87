"""`make run`: prepares the whole site on one machine, then serves it and sends its e-mail until Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
import time
import traceback
from importlib import import_module

import django
import environ
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from gunicorn.util import make_fail_app

from config import development

ORGANISER = "organiser"
ADDRESSES = """
  The site      http://localhost:{port}/
  The admin     http://localhost:{port}/admin/
    user        {user}
    password    {password}   (made at random, kept in .env)
  E-mail to     {mail}
  Stop with     Ctrl-C
"""


def main() -> None:
    port = os.environ.get("PORT", "8000")
    require_free_port(port)
    set_environment(port)
    django.setup()
    prepare_database()
    mail = getattr(settings, "EMAIL_FILE_PATH", None) or f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    password = os.environ["ORGANISER_PASSWORD"]
    print(ADDRESSES.format(port=port, user=ORGANISER, password=password, mail=mail), flush=True)
    serve(port)


def set_environment(port: str) -> None:
    """Set what `.env` and the environment leave open, so that the site runs with DEBUG on or off.

    A clone that has no address of its own is a developer's: DEBUG is switched on, for `manage.py` too.
    """
    environ.Env.read_env(development.ROOT / ".env")
    if not os.environ.get("SITE_URL"):
        development.set_and_keep("DEBUG", "on")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("SITE_URL", f"http://localhost:{port}")
    os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
    os.environ.setdefault("EMAIL_URL", f"filemail:///{development.ROOT / 'var' / 'emails'}")
    development.set_secret("SECRET_KEY")
    development.set_secret("ORGANISER_PASSWORD", length=12)
    development.set_database()


def require_free_port(port: str) -> None:
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        sys.exit(f"PORT is a number from 1 to 65535, not {port!r}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except OSError as error:
            sys.exit(f"Port {port} cannot be used ({error.strerror}). Choose another: PORT=9000 make run")


def prepare_database() -> None:
    """Migrate the database; on first use, load the sample conference and create the organiser's account."""
    call_command("migrate", verbosity=0)
    if not settings.DEBUG:
        call_command("collectstatic", interactive=False, verbosity=0)
    if not apps.get_model("conference.Event").objects.exists():
        call_command("load_conference")
    users = get_user_model().objects
    if not users.filter(username=ORGANISER).exists():
        users.create_superuser(ORGANISER, password=os.environ["ORGANISER_PASSWORD"])


def serve(port: str) -> None:
    """Run the site and the e-mail sender until a signal or until either ends; then stop both."""
    commands = [make_gunicorn_command(port), [sys.executable, "manage.py", "send_emails", "--watch"]]
    children = [subprocess.Popen(one, cwd=development.ROOT, start_new_session=True) for one in commands]
    stopped = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stopped.append(True))
    while not stopped and all(child.poll() is None for child in children):
        time.sleep(0.2)
    for child in children:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGTERM)
    for child in children:
        child.wait()
    print("\nStopped.")


def make_gunicorn_command(port: str) -> list[str]:
    """The server of production. With DEBUG on it logs requests, too, and starts again after a change of a file."""
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    if not settings.DEBUG:
        return [*command, "config.wsgi"]
    command += ["--access-logfile", "-", "--access-logformat", '%(t)s "%(m)s %(U)s" %(s)s', "--reload"]
    packages = ["config", *(path.parent.name for path in development.ROOT.glob("*/apps.py"))]
    for pattern in ["templates/**/*.html", "locale/**/*.mo", *(f"{package}/**/*.py" for package in packages)]:
        command += ["--reload-extra-file", pattern]
    return [*command, "config.run:load_application()"]


def load_application():
    """Return the site or, if its code is broken, a page with the error: the next change starts it again."""
    try:
        return import_module("config.wsgi").application
    except Exception:
        print(traceback.format_exc(), file=sys.stderr, flush=True)
        return make_fail_app(traceback.format_exc())


if __name__ == "__main__":
    main()

"""What bare Django can do on this machine: the ceilings that the site is measured against.

`bare` answers “hello”. `locked` locks a row, counts and inserts, which a sign-up cannot do without.
Run by gunicorn as `bench.baseline_views:application`, with DATABASE_URL set.
"""

import os

import environ
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    DATABASES={"default": {**environ.Env.db_url_config(os.environ["DATABASE_URL"]), "CONN_MAX_AGE": 60}},
    ROOT_URLCONF=__name__,
    SECRET_KEY="bench",
)


def bare(request):
    return HttpResponse("hello")


def locked(request):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM bench_event WHERE id = 1 FOR NO KEY UPDATE")
        cursor.execute("SELECT count(*) FROM bench_place WHERE event_id = 1")
        cursor.execute("INSERT INTO bench_place (event_id, name) VALUES (1, 'Anna')")
    return HttpResponse("done")


urlpatterns = [path("bare/", bare), path("locked/", locked)]
application = get_wsgi_application()

"""The organisers' pages at 100,000 registrations, requested one after another, as one organiser does.

One gunicorn worker, as in production. Everybody has an e-mail in the outbox and an entry in the log. Prints the median
and the 95th percentile of each page in milliseconds, and how many times as long as a bare view in the same run it
takes.

    .venv/bin/python -m bench.admin_pages [registrations] [requests of each page]
"""

import statistics
import subprocess
import sys
import time
from urllib.parse import quote, urlencode

import psycopg2

from bench.database import execute, scratch_database
from bench.load import ROOT, environment, log_in, request, server

SLUG, USER, PASSWORD = "di-xl", "bench", "correct horse battery"
LIST = "/admin/registrations/registration/"
# Of the 95th percentile of pages whose name begins so, and of all others.
GOALS, GOAL = {"list": 100, "search": 100, "filter": 100}, 500

# Keys, kinds and choices of the questions that the event asks.
QUESTIONS = [
    ("lunch", "one_of", ["meat", "fish", "vegetables"]),
    ("workshops", "several_of", ["a", "b", "c", "d"]),
    ("party", "yes_no", []),
    ("guests", "number", []),
    ("arrival", "date", []),
    ("expectations", "long_text", []),
]

STATUSES = ("confirmed", "waitlisted", "pending", "cancelled")

ADD_EMAILS = """
    INSERT INTO registrations_outgoingemail
        (registration_id, kind, language, "to", subject, text, html, created_at, attempts, sent_at, next_attempt_at,
        last_error)
    SELECT id, 'registered', language, email, 'Subject', repeat(reference || ' ', 100), repeat(reference || ' ', 500),
        created_at, 1, created_at, NULL, ''
    FROM registrations_registration ORDER BY id
"""
ADD_WHO_CAME = "UPDATE registrations_registration SET checked_in_at = now() WHERE status = 'confirmed' AND id % 3 > 0"
ADD_LOG_ENTRIES = """
    INSERT INTO django_admin_log
        (action_time, object_id, object_repr, action_flag, change_message, content_type_id, user_id)
    SELECT created_at, registration.id, reference, 2, 'Confirmed', kind.id, auth_user.id
    FROM registrations_registration AS registration, django_content_type AS kind, auth_user
    WHERE kind.model = 'registration' ORDER BY registration.id
"""


def main(number: int, times: int) -> None:
    with scratch_database(ROOT) as url:
        env = environment() | {"DJANGO_SUPERUSER_PASSWORD": PASSWORD}
        for command in (
            ["collectstatic", "--noinput", "--verbosity=0"],
            ["migrate", "--verbosity=0"],
            ["load_conference"],
            ["createsuperuser", "--noinput", "--username", USER, "--email", "bench@example.org", "--verbosity=0"],
        ):
            manage(command, env)
        add_questions(url, capacity=number * 6 // 10)
        start = time.perf_counter()
        manage(["make_registrations", SLUG, str(number), "--yes"], env | {"SAMPLE_DATA": "on"})
        print(f"made {number} registrations in {time.perf_counter() - start:.1f} s")
        execute(url, ADD_EMAILS)
        execute(url, ADD_LOG_ENTRIES)
        execute(url, ADD_WHO_CAME)
        execute(url, "VACUUM ANALYZE")
        with server("bench.baseline_views:application", env, workers=1):
            bare = report("bare view", "/bare/", times, "", 0)
        with server("config.wsgi:application", env, workers=1):
            cookie = log_in(USER, PASSWORD)
            for name, path in get_pages(url):
                report(name, path, times, cookie, bare)


def manage(command: list[str], env: dict[str, str]) -> None:
    subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True)


def add_questions(url: str, *, capacity: int) -> None:
    """Give the example's event questions of several kinds, and `capacity` places."""
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("UPDATE conference_event SET capacity = %s", [capacity])
        for position, (key, kind, choices) in enumerate(QUESTIONS):
            cursor.execute(
                "INSERT INTO registrations_question (event_id, key, label, help_text, kind, is_required, position) "
                "SELECT id, %s, %s, '', %s, false, %s FROM conference_event RETURNING id",
                [key, key.title(), kind, position],
            )
            (question,) = cursor.fetchone()
            for place, choice in enumerate(choices):
                cursor.execute(
                    "INSERT INTO registrations_choice (question_id, key, label, position) VALUES (%s, %s, %s, %s)",
                    [question, choice, choice.title(), place],
                )


def get_pages(url: str) -> list[tuple[str, str]]:
    """The names and addresses of the measured pages. The filters are those that the list offers."""
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT registration.id, reference, first_name, last_name, email, event_id, topic_id "
            "FROM registrations_registration AS registration "
            "JOIN registrations_registration_topics AS chosen ON chosen.registration_id = registration.id "
            "ORDER BY registration.id OFFSET 1000 LIMIT 1"
        )
        key, reference, first_name, last_name, email, event, topic = cursor.fetchone()
        cursor.execute("SELECT unnest(tags) AS tag FROM registrations_registration GROUP BY tag ORDER BY count(*) DESC")
        (tag,) = cursor.fetchone()
        cursor.execute("SELECT (count(*) + 49) / 50 FROM registrations_registration")
        (pages,) = cursor.fetchone()
        cursor.execute("SELECT now() - interval '7 days'")
        (week_ago,) = cursor.fetchone()
    searches = {
        "name": last_name,
        "two words": f"{first_name} {last_name}",
        "e-mail": email[:12],
        "reference": reference,
        "one letter": "a",
        "nothing found": "qqqqzzzz",
    }
    filters = {
        "event": {"event": event},
        "status": {"status__exact": "confirmed"},
        "sector": {"sector__exact": "library"},
        "country": {"country": "EE"},
        "topic": {"topic": topic},
        "language": {"language": "en"},
        "tag": {"event": event, "tag": tag},
        "came": {"came": "yes"},
        "did not come": {"came": "no"},
        "mistyped": {"address": "mistyped"},
        "one of": {"event": event, "answer_lunch": "fish"},
        "several of": {"event": event, "answer_workshops": "b"},
        "yes or no": {"event": event, "answer_party": "yes"},
        "no answer": {"event": event, "answer_lunch": "-"},
        "past week": {"created_at__gte": str(week_ago)},
        "three at once": {"event": event, "status__exact": "waitlisted", "country": "LT"},
        "and a search": {"event": event, "sector__exact": "library", "q": last_name},
    }
    return [
        ("list", f"{LIST}?event={event}"),
        ("list of all events", LIST),
        ("list, page 50", f"{LIST}?event={event}&p=50"),
        ("list, last page", f"{LIST}?event={event}&p={pages}"),
        ("list by name", f"{LIST}?event={event}&o=1"),
        *((f"list: {status}", f"{LIST}?event={event}&status__exact={status}") for status in STATUSES),
        *((f"search: {name}", f"{LIST}?q={quote(text)}") for name, text in searches.items()),
        *((f"filter: {name}", f"{LIST}?{urlencode(query)}") for name, query in filters.items()),
        ("registration", f"{LIST}{key}/change/"),
        ("export page", f"{LIST}export/"),
        ("export page, filtered", f"{LIST}export/?{urlencode(filters['and a search'])}"),
        ("duplicates", f"{LIST}doubles/?event={event}"),
        ("import", f"{LIST}import/?event={event}"),
        ("questions", f"/admin/registrations/question/?event={event}"),
        ("events", "/admin/conference/event/"),
        ("event", f"/admin/conference/event/{event}/settings/texts/"),
        ("overview", f"/admin/conference/event/{event}/overview/"),
        ("outbox", "/admin/registrations/outgoingemail/"),
        ("outbox, page 50", "/admin/registrations/outgoingemail/?p=50"),
        ("log", "/admin/admin/logentry/"),
    ]


def report(name: str, path: str, times: int, cookie: str, bare: float) -> float:
    """Request the page so many times, print how long it took, and return the median in milliseconds."""
    status, _head, _page = request("GET", path, cookie=cookie)  # warm up
    if status != 200:
        print(f"{name:<24} skipped: {path} answers {status}", flush=True)
        return 0
    took = []
    for _time in range(times):
        start = time.perf_counter()
        status, _head, _page = request("GET", path, cookie=cookie)
        took.append((time.perf_counter() - start) * 1000)
        assert status == 200, (path, status)
    median, p95 = statistics.median(took), statistics.quantiles(took, n=20)[-1]
    ratio = f"{median / bare:7.0f} x bare" if bare else ""
    goal = next((goal for kind, goal in GOALS.items() if name.startswith(kind)), GOAL)
    late = "  over the goal" if p95 > goal else ""
    print(f"{name:<24} p50 {median:7.1f} ms   p95 {p95:7.1f} ms {ratio}{late}", flush=True)
    return median


if __name__ == "__main__":
    number, times = [*map(int, sys.argv[1:]), *[100_000, 20][len(sys.argv) - 1 :]]
    main(number, times)

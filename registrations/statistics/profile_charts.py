"""Charts of who registered: sectors, countries, languages, organisations, topics of interest."""

from collections import Counter

from django.conf import settings
from django.db import connection
from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_countries import countries

from conference.models import Event
from registrations.models import Registration
from registrations.statistics.charts import Bar, Chart, get_counted_registrations, make_not_given_bars

TOP_ORGANISATIONS = 20


def get_profile_charts(event: Event, number: int) -> list[Chart]:
    """By sector, country and language. One query for all three."""
    sectors, home_countries, languages = Counter(), Counter(), Counter()
    rows = get_counted_registrations(event).values_list("sector", "country", "language").annotate(number=Count("*"))
    for sector, country, language, count in rows:
        sectors[sector] += count
        home_countries[country] += count
        languages[language] += count
    names = dict(settings.LANGUAGES)
    by_sector = [Bar(str(label), sectors[code], {"sector__exact": code}) for code, label in Registration.Sector.choices]
    by_country = [
        Bar(str(countries.name(code)) or code, count, {"country": code})
        for code, count in sort_largest_first(home_countries)
    ]
    by_language = [
        Bar(str(names.get(code, code)), count, {"language": code} if code in names else {})
        for code, count in sort_largest_first(languages)
    ]
    return [
        Chart("sector", _("By sector"), number, by_sector, make_not_given_bars(sectors[""])),
        Chart("country", _("By country"), number, by_country, make_not_given_bars(home_countries[""])),
        Chart("language", _("By language"), number, by_language),
    ]


def sort_largest_first(counts: Counter[str]) -> list[tuple[str, int]]:
    """The codes with their counts, without the empty code."""
    return sorted(((code, n) for code, n in counts.items() if code), key=lambda pair: (-pair[1], pair[0]))


def get_organisation_chart(event: Event, number: int) -> Chart:
    """The organisations with most people, in any case, each in its most frequent spelling. One query."""
    written = (
        get_counted_registrations(event).exclude(organisation="").values("organisation").annotate(number=Count("*"))
    )
    inner, values = written.query.sql_with_params()
    with connection.cursor() as cursor:
        # Django cannot aggregate aggregates, and to fetch every spelling would take longer.
        cursor.execute(
            f"""
            SELECT (array_agg(organisation ORDER BY number DESC, organisation))[1] AS name, sum(number)::int,
                   (sum(sum(number)) OVER ())::int, (count(*) OVER ())::int
            FROM ({inner}) AS written GROUP BY lower(organisation) ORDER BY 2 DESC, lower(organisation) LIMIT %s
            """,
            [*values, TOP_ORGANISATIONS],
        )
        rows = cursor.fetchall()
    found = [Bar(name, count, {"q": name}) for name, count, _given, _different in rows]
    given, different = rows[0][2:] if rows else (0, 0)
    rest = []
    if others := different - len(found):
        label = ngettext("%(number)d other organisation", "%(number)d other organisations", others)
        rest.append(Bar(label % {"number": others}, given - sum(bar.number for bar in found)))
    return Chart("organisation", _("By organisation"), number, found, [*rest, *make_not_given_bars(number - given)])


def get_topic_chart(event: Event, number: int) -> Chart:
    """By topic of interest; everybody can choose several. Two queries."""
    cancelled = Registration.objects.filter(
        pk=OuterRef("registration"), event=event, status=Registration.Status.CANCELLED
    )
    chosen = Registration.topics.through.objects.filter(topic__event=event).exclude(Exists(cancelled))
    counts = dict(chosen.order_by().values_list("topic").annotate(number=Count("*")))
    found = [Bar(str(topic.title), counts.get(topic.pk, 0), {"topic": str(topic.pk)}) for topic in event.topics.all()]
    return Chart("topic", _("By topic of interest"), number, found)

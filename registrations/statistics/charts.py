"""Bar charts of who registered and of what they answered, except about dietary and access needs."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.db.models import Count, Exists, OuterRef
from django.db.models.fields.json import KeyTextTransform
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_countries import countries

from conference.models import Event
from registrations.models import Question, Registration, list_possible_answers

TOP_ORGANISATIONS = 20
# Each question takes one of the arguments of GROUPING, which has up to 31.
MAX_QUESTIONS_PER_QUERY = 30

Status = Registration.Status


class Bar(NamedTuple):
    """How many people have something in common, and the filters of the admin's list that show them."""

    label: str
    number: int
    filters: dict[str, str] = {}


class Chart(NamedTuple):
    """`key` names it in the page; `people` is how many are counted, each perhaps in several bars.

    `rest` is shown in the table but not drawn, such as those who gave no answer.
    """

    key: str
    title: str
    people: int
    bars: list[Bar]
    rest: list[Bar] = []


def get_list_url(event: Event, **filters: str) -> str:
    """The admin's list of the registrations that charts count, narrowed by `filters`."""
    live = ",".join([*Status.occupying_place(), Status.WAITLISTED])
    query = urlencode({"event": event.pk, "status__in": live, **filters}, safe=",")
    return f"{reverse('admin:registrations_registration_changelist')}?{query}"


def get_charts(event: Event, number: int, *, with_internal: bool) -> list[Chart]:
    """All charts of the event, whose `number` of live registrations they count."""
    sectors, home_countries, languages = get_profile_charts(event, number)
    # Organisations, the longest, fill the second of two columns.
    charts = {
        "sector": sectors,
        "country": home_countries,
        "topics": get_topic_chart(event, number),
        "organisation": get_organisation_chart(event, number),
        "language": languages,
    }
    # What is no longer asked is shown as long as somebody answered it before.
    shown = [chart for name, chart in charts.items() if event.is_asked(name) or any(bar.number for bar in chart.bars)]
    return shown + get_answer_charts(event, number, with_internal=with_internal)


def get_profile_charts(event: Event, number: int) -> list[Chart]:
    """By sector, country and language. One query for all three."""
    sectors, home_countries, languages = Counter(), Counter(), Counter()
    people = event.registrations.live().order_by()
    rows = people.values_list("sector", "country", "language").annotate(number=Count("*"))
    for sector, country, language, count in rows:
        sectors[sector] += count
        home_countries[country] += count
        languages[language] += count
    names = dict(settings.LANGUAGES)
    offered = {sector.key: sector for sector in event.sectors.all()}
    by_sector = [
        Bar(str(offered.get(key, key)), sectors[key], {"sector__exact": key})
        for key in dict.fromkeys([*offered, *(key for key, _number in rank(sectors))])
        if sectors[key] or offered[key].is_offered
    ]
    by_country = [Bar(str(countries.name(code)) or code, n, {"country": code}) for code, n in rank(home_countries)]
    by_language = [
        Bar(str(names.get(code, code)), n, {"language": code} if code in names else {}) for code, n in rank(languages)
    ]
    return [
        Chart("sector", _("By sector"), number, by_sector, make_not_given_bars(sectors[""])),
        Chart("country", _("By country"), number, by_country, make_not_given_bars(home_countries[""])),
        Chart("language", _("By language"), number, by_language),
    ]


def rank(counts: Counter[str]) -> list[tuple[str, int]]:
    """The codes with their counts, the largest first, without the empty code."""
    return sorted(((code, n) for code, n in counts.items() if code), key=lambda pair: (-pair[1], pair[0]))


def make_not_given_bars(number: int) -> list[Bar]:
    return [Bar(_("not given"), number)] if number > 0 else []  # less than 0 when somebody registers meanwhile


def get_organisation_chart(event: Event, number: int) -> Chart:
    """The organisations with most people, in any case, each in its most frequent spelling. One query."""
    people = event.registrations.live().order_by().exclude(organisation="")
    inner, values = people.values("organisation").annotate(number=Count("*")).query.sql_with_params()
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
    return Chart("organisation", _("By organisation"), number, found, rest + make_not_given_bars(number - given))


def get_topic_chart(event: Event, number: int) -> Chart:
    """By topic of interest; everybody can choose several. Two queries."""
    cancelled = Registration.objects.filter(pk=OuterRef("registration"), event=event, status=Status.CANCELLED)
    chosen = Registration.topics.through.objects.filter(topic__event=event).exclude(Exists(cancelled))
    counts = dict(chosen.order_by().values_list("topic").annotate(number=Count("*")))
    found = [Bar(str(topic.title), counts.get(topic.pk, 0), {"topic": str(topic.pk)}) for topic in event.topics.all()]
    return Chart("topic", _("By topic of interest"), number, found)


def get_answer_charts(event: Event, number: int, *, with_internal: bool) -> list[Chart]:
    """A chart for each question with choices; removed questions and choices only where somebody chose them."""
    questions = event.questions.not_about_needs().selectable().prefetch_related("choices")
    if not with_internal:
        questions = questions.filter(is_internal=False)
    charts = []
    for question, counts in count_answers(event, list(questions)):
        name, is_removed = f"answer_{question.key}", question.removed_at is not None
        if counts.total() or not is_removed:
            bars = [
                Bar(label_answer(label, is_gone), counts[key], {name: key})
                for key, label, is_gone in list_possible_answers(question)
                if counts[key] or not is_gone
            ]
            charts.append(Chart(name, label_answer(str(question.label), is_removed), number, bars))
    return charts


def label_answer(label: str, is_removed: bool) -> str:
    return _("%(what)s (removed)") % {"what": label} if is_removed else label


def count_answers(event: Event, questions: list[Question]) -> Iterator[tuple[Question, Counter[str]]]:
    """How often each answer was chosen, by its key. One query for all questions, or for every thirty."""
    for start in range(0, len(questions), MAX_QUESTIONS_PER_QUERY):
        columns = {f"answer_{n}": one for n, one in enumerate(questions[start : start + MAX_QUESTIONS_PER_QUERY])}
        given = {name: KeyTextTransform(question.key, "answers") for name, question in columns.items()}
        inner, values = event.registrations.live().order_by().values(**given).query.sql_with_params()
        with connection.cursor() as cursor:
            # Each row is read once. A row of the result is about the one question that is not grouped away.
            cursor.execute(
                f"SELECT {', '.join(f'GROUPING({name}), {name}' for name in columns)}, count(*) "
                f"FROM ({inner}) AS given GROUP BY GROUPING SETS ({', '.join(f'({name})' for name in columns)})",
                values,
            )
            rows = cursor.fetchall()
        for position, question in enumerate(columns.values()):
            counts = Counter()
            for *cells, number in rows:
                is_grouped_away, answer = cells[2 * position : 2 * position + 2]
                for key in [] if is_grouped_away else parse_chosen_keys(question, answer):
                    counts[key] += number
            yield question, counts


def parse_chosen_keys(question: Question, answer: str | None) -> list[str]:
    """The keys of the chosen answers, in an answer as the database returns it as text."""
    if question.kind == Question.Kind.YES_NO:
        return {"true": ["yes"], "false": ["no"]}.get(answer, [])
    if question.kind == Question.Kind.SEVERAL_OF and answer and answer.startswith("["):
        return [key for key in json.loads(answer) if isinstance(key, str)]
    return [answer] if answer else []

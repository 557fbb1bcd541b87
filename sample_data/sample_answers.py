"""Answers of sample people to an event's questions."""

import random
from collections.abc import Iterator
from datetime import timedelta

from conference.models import Event
from registrations.models import Question, Registration
from sample_data.vocabulary import NEEDS, SENTENCES

Kind = Question.Kind


def add_answers(event: Event, people: Iterator[Registration], rng: random.Random) -> Iterator[Registration]:
    """Yield the people with answers to the event's questions. Limits of choices are respected."""
    questions = list(
        event.questions.asked().select_related("shown_if").prefetch_related("choices").order_by("position", "pk")
    )
    left = count_choice_places(event, questions)
    for registration in people:
        answers = {}
        for question in questions:
            if not question.is_condition_met(answers):
                continue
            if not question.is_required and rng.random() < (0.9 if question.is_about_needs else 0.25):
                continue
            given = make_answer(question, left, rng)
            if given not in (None, "", []):
                answers[question.key] = given
        registration.answers = answers
        yield registration


def count_choice_places(event: Event, questions: list[Question]) -> dict[int, float]:
    """Return how many more people can choose each choice, by primary key."""
    left = {}
    for question in questions:
        for choice in question.choices.all():
            if choice.removed_at is None:
                several = question.kind == Kind.SEVERAL_OF
                chosen = {question.key: [choice.key] if several else choice.key}
                made = event.registrations.live().filter(answers__contains=chosen).count() if choice.limit else 0
                left[choice.pk] = choice.limit - made if choice.limit else float("inf")
    return left


def make_answer(question: Question, left: dict[int, float], rng: random.Random):
    """Return an answer as it is stored; None if every choice is full."""
    match question.kind:
        case Kind.NUMBER:
            return rng.randrange(1, 30)
        case Kind.YES_NO:
            return rng.random() < 0.4
        case Kind.DATE:
            return str(question.event.starts_at.date() - timedelta(days=rng.randrange(3)))
        case Kind.ONE_OF | Kind.SEVERAL_OF:
            free = [choice for choice in question.choices.all() if left.get(choice.pk, 0) > 0]
            most = min(len(free), 1 if question.kind == Kind.ONE_OF else rng.randrange(1, 4))
            chosen = rng.sample(free, most)
            for choice in chosen:
                left[choice.pk] -= 1
            keys = [choice.key for choice in chosen]
            return keys if question.kind == Kind.SEVERAL_OF else next(iter(keys), None)
        case Kind.LONG_TEXT:
            return " ".join(rng.sample(SENTENCES, 2))
        case _:
            return rng.choice(NEEDS if question.is_about_needs else SENTENCES)

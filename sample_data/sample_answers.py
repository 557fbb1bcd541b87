"""What made-up people answer to an event's questions."""

import random
from collections.abc import Iterator
from datetime import timedelta

from conference.models import Event
from registrations.models import Question, Registration
from sample_data.vocabulary import NEEDS, SENTENCES

Kind = Question.Kind


def add_answers(event: Event, people: Iterator[Registration], chance: random.Random) -> Iterator[Registration]:
    """Each with answers to the event's questions; no choice is made by more people than it has places for."""
    questions = list(event.questions.asked().prefetch_related("choices").order_by("position", "pk"))
    left = count_choice_places(event, questions)
    for registration in people:
        answers = {}
        for question in questions:
            if question.shown_if_id and not is_shown(question, questions, answers):
                continue
            if not question.is_required and chance.random() < (0.9 if question.is_about_needs else 0.25):
                continue
            given = make_answer(question, left, chance)
            if given not in (None, "", []):
                answers[question.key] = given
        registration.answers = answers
        yield registration


def count_choice_places(event: Event, questions: list[Question]) -> dict[int, float]:
    """How many more can make each choice of these questions."""
    left = {}
    for question in questions:
        for choice in question.choices.all():
            if choice.removed_at is None:
                several = question.kind == Kind.SEVERAL_OF
                chosen = {question.key: [choice.key] if several else choice.key}
                made = event.registrations.live().filter(answers__contains=chosen).count() if choice.limit else 0
                left[choice.pk] = choice.limit - made if choice.limit else float("inf")
    return left


def is_shown(question: Question, questions: list[Question], answers: dict) -> bool:
    asked = next((one for one in questions if one.pk == question.shown_if_id), None)
    given = answers.get(asked.key) if asked else None
    words = (
        given if isinstance(given, list) else [{True: "yes", False: "no"}[given] if isinstance(given, bool) else given]
    )
    return question.shown_if_answer in words


def make_answer(question: Question, left: dict[int, float], chance: random.Random):
    """An answer as it is stored; None where every choice is taken."""
    match question.kind:
        case Kind.NUMBER:
            return chance.randrange(1, 30)
        case Kind.YES_NO:
            return chance.random() < 0.4
        case Kind.DATE:
            return str(question.event.starts_at.date() - timedelta(days=chance.randrange(3)))
        case Kind.ONE_OF | Kind.SEVERAL_OF:
            free = [choice for choice in question.choices.all() if left.get(choice.pk, 0) > 0]
            most = min(len(free), 1 if question.kind == Kind.ONE_OF else chance.randrange(1, 4))
            chosen = chance.sample(free, most)
            for choice in chosen:
                left[choice.pk] -= 1
            keys = [choice.key for choice in chosen]
            return keys if question.kind == Kind.SEVERAL_OF else next(iter(keys), None)
        case Kind.LONG_TEXT:
            return " ".join(chance.sample(SENTENCES, 2))
        case _:
            return chance.choice(NEEDS if question.is_about_needs else SENTENCES)

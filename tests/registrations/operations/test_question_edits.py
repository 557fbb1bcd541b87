import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from registrations import operations
from registrations.models import Change, Choice, Question, list_answers
from registrations.operations.question_edits import list_unused_templates, make_key
from registrations.question_templates import QUESTION_TEMPLATES
from tests.factories import make_choice, make_event, make_question, make_registration, make_user

pytestmark = pytest.mark.django_db


def lunch(event, **values) -> Question:
    question = make_question(event, kind="one_of", **values)
    for key in ("soup", "fish"):
        make_choice(question, key)
    question.refresh_from_db()
    return question


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ({"lv": "Pusdienas", "en": "Lunch or dinner?"}, "lunch_or_dinner"),
        ({"lv": "Ēdīsiet zivi? Žāvētu?", "en": ""}, "edisiet_zivi_zavetu"),
        ("30 minutes", "question_30_minutes"),
        ("Обед", "question"),
        ("a" * 60, "a" * 36),
    ],
)
def test_a_key_resembles_the_label(label, key):
    assert make_key(LazyI18nString(label), set(), "question") == key


def test_a_key_that_is_taken_gets_a_number():
    label = LazyI18nString("Lunch")
    assert make_key(label, {"lunch"}, "question") == "lunch_2"
    assert make_key(label, {"lunch", "lunch_2"}, "question") == "lunch_3"


def test_the_key_of_a_removed_question_stays_taken():
    event = make_event()
    make_question(event, "lunch", removed_at=timezone.now())
    question = Question(event=event, label=LazyI18nString("Lunch"))
    operations.add_question(question)
    assert question.key == "lunch_2"
    with pytest.raises(operations.OperationError, match="already has a question with this key"):
        operations.add_question(Question(event=event, key="lunch", label="x"))


def test_a_removed_question_without_answers_is_deleted():
    event = make_event()
    question = lunch(event)
    make_registration(event, answers={"lunch": ""})
    make_registration(make_event(), answers={"lunch": "soup"})
    assert operations.remove_question(question) is False
    assert not event.questions.exists()


@pytest.mark.parametrize("status", ["confirmed", "cancelled"])
def test_a_removed_question_with_answers_is_kept_and_can_be_restored(status):
    event = make_event()
    question = lunch(event)
    registration = make_registration(event, status, answers={"lunch": "soup"})
    assert operations.remove_question(question) is True
    question.refresh_from_db()
    assert question.removed_at is not None
    assert list_answers(registration) == [("Lunch", "soup")]
    operations.restore_question(question)
    question.refresh_from_db()
    assert question.removed_at is None


def test_a_question_that_others_depend_on_cannot_be_removed():
    event = make_event()
    question = lunch(event)
    bones = make_question(event, "bones", label="Bones?", shown_if=question, shown_if_answer="fish")
    with pytest.raises(operations.OperationError, match="depend on it: “Bones\\?”"):
        operations.remove_question(question)
    with pytest.raises(operations.OperationError, match="“Bones\\?”"):
        operations.remove_choice(question.choices.get(key="fish"))
    assert operations.remove_choice(question.choices.get(key="soup")) is False
    make_registration(event, answers={"bones": "none"})
    assert operations.remove_question(bones) is True
    assert operations.remove_choice(question.choices.get(key="fish")) is True  # the removed question rests on it
    assert operations.remove_question(question) is True
    with pytest.raises(operations.OperationError, match="Restore that first"):
        operations.restore_question(bones)
    operations.restore_question(question)
    with pytest.raises(operations.OperationError, match="Restore that first"):
        operations.restore_question(bones)
    operations.restore_choice(question.choices.get(key="fish"))
    operations.restore_question(bones)
    assert event.questions.asked().count() == 2


@pytest.mark.parametrize(("kind", "answer"), [("one_of", "fish"), ("several_of", ["soup", "fish"])])
def test_a_removed_choice_with_answers_is_kept_and_can_be_restored(kind, answer):
    event = make_event()
    question = lunch(event)
    Question.objects.update(kind=kind)
    question.refresh_from_db()
    registration = make_registration(event, answers={"lunch": answer})
    fish = question.choices.get(key="fish")
    assert operations.remove_choice(fish) is True
    assert "fish" in list_answers(registration)[0][1]
    operations.restore_choice(fish)
    assert Choice.objects.get(pk=fish.pk).removed_at is None


def test_erasing_deletes_the_answers_of_one_question_of_one_event():
    event, other, user = make_event(), make_event(), make_user()
    question = lunch(event, removed_at=timezone.now())
    make_question(event, "bus", label="Bus", shown_if=question, shown_if_answer="soup", removed_at=timezone.now())
    one = make_registration(event, answers={"lunch": "soup", "bus": "yes"})
    two = make_registration(event, "cancelled", answers={"lunch": None})
    elsewhere = make_registration(other, answers={"lunch": "soup"})
    for registration in (one, elsewhere):
        Change.objects.create(registration=registration, actor="person", field="answers.lunch", old="fish", new="soup")
    assert operations.erase_question(question, user) == 1
    for registration, answers in ((one, {"bus": "yes"}), (two, {}), (elsewhere, {"lunch": "soup"})):
        registration.refresh_from_db()
        assert registration.answers == answers
    assert (one.changes.get().new, elsewhere.changes.get().new) == ("", "soup")
    assert list(event.questions.values_list("key", "shown_if", "shown_if_answer")) == [("bus", None, "")]
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (user, str(event.pk))
    assert entry.change_message == "Erased the question “Lunch” with all its answers: 1."


def test_many_answers_are_erased_in_batches(monkeypatch):
    monkeypatch.setattr("registrations.operations.question_edits.ERASE_BATCH_SIZE", 2)
    event = make_event()
    question = lunch(event, removed_at=timezone.now())
    for _number in range(5):
        make_registration(event, answers={"lunch": "soup", "bus": True})
    assert operations.erase_question(question, make_user()) == 5
    assert list(event.registrations.values_list("answers", flat=True)) == [{"bus": True}] * 5


def test_a_question_that_is_asked_is_not_erased():
    event = make_event()
    question = lunch(event)
    registration = make_registration(event, answers={"lunch": "soup"})
    with pytest.raises(operations.OperationError, match="still asked"):
        operations.erase_question(question, make_user())
    registration.refresh_from_db()
    assert registration.answers == {"lunch": "soup"}


def test_a_question_deleted_meanwhile_is_refused():
    question = lunch(make_event())
    stale = Question.objects.get(pk=question.pk)
    question.delete()
    for operation in (operations.remove_question, operations.restore_question):
        with pytest.raises(operations.OperationError, match="deleted this in the meantime"):
            operation(stale)


def test_the_type_of_an_answered_question_cannot_change():
    event = make_event()
    question = lunch(event)
    make_registration(event, answers={"lunch": "soup"})
    question.kind = "number"
    with pytest.raises(operations.OperationError, match="has answered"):
        operations.change_question(question, ["kind"])
    operations.change_question(question, ["label"])
    question.refresh_from_db()
    assert question.kind == "one_of"


@pytest.mark.parametrize("ready", QUESTION_TEMPLATES, ids=lambda ready: ready.key)
def test_question_templates_are_added_once_and_in_every_language(ready, settings):
    event = make_event()
    make_question(event, "own", position=7)
    question = operations.add_question_template(event, ready)
    assert operations.add_question_template(event, ready) is None
    assert question.position == 8
    assert ready not in list_unused_templates(event)
    added = event.questions.exclude(key="own")
    assert added.count() == (2 if ready.other else 1)
    texts = [ready.label, ready.help_text, *ready.choices.values(), *([ready.other] if ready.other else [])]
    assert [set(text) for text in texts] == [{code for code, _name in settings.LANGUAGES}] * len(texts)
    for row in [*added, *question.choices.all()]:
        row.full_clean()
    assert {one.is_about_needs for one in added} == {ready.is_about_needs}
    assert list(question.choices.values_list("key", flat=True)) == list(ready.choices)


def test_question_templates_that_were_removed_are_not_added_again():
    event = make_event()
    make_question(event, QUESTION_TEMPLATES[0].key, removed_at=timezone.now())
    assert QUESTION_TEMPLATES[0] not in list_unused_templates(event)
    assert operations.add_question_template(event, QUESTION_TEMPLATES[0]) is None

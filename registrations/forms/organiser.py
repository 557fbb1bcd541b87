"""The forms with which organisers add and correct registrations."""

from collections.abc import Callable, Iterable

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from conference.text.cleanup import clean_line
from registrations.forms.fields import MAX_QUOTED, get_field_name
from registrations.forms.questionnaire import QuestionnaireForm
from registrations.models import Registration
from registrations.models.registration import MAX_TAGS

TAGS = Registration._meta.get_field("tags")
TAG_LENGTH = TAGS.base_field.max_length


def clean_tag(text: str) -> str:
    """Return the tag as it is stored. Raises ValidationError if it is too long."""
    tag = clean_line(text)
    if len(tag) > TAG_LENGTH:
        raise ValidationError(
            _("A tag can have at most %(most)d characters: “%(tag)s” is longer."),
            params={"most": TAG_LENGTH, "tag": tag[:MAX_QUOTED]},
        )
    return tag


class SuggestionsInput(forms.TextInput):
    """A text input with suggestions, which `suggest` returns when the input is rendered."""

    suggest: Callable[[], Iterable[str]] = list

    def render(self, name, value, attrs=None, renderer=None):
        id = f"{name}_suggested"
        line = super().render(name, value, {**(attrs or {}), "list": id}, renderer)
        # Browsers compare a suggestion with the whole text of the input, so the current text comes first.
        before = f"{value}, " if value else ""
        context = {"id": id, "line": line, "suggested": [f"{before}{tag}" for tag in self.suggest()]}
        return render_to_string("admin/widgets/suggestions.html", context)


class TagsField(forms.CharField):
    """Tags separated by commas; duplicates are dropped, whatever their case."""

    widget = SuggestionsInput

    def prepare_value(self, value):
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        tags = {}
        for text in (value or "").split(","):
            if tag := clean_tag(text):
                tags.setdefault(tag.casefold(), tag)
        if len(tags) > MAX_TAGS:
            raise ValidationError(_("A person can have at most %(most)d tags."), params={"most": MAX_TAGS})
        return list(tags.values())


class TagForm(forms.Form):
    """One tag, for many people."""

    tag = forms.CharField(label=_("Tag"), max_length=TAG_LENGTH, widget=SuggestionsInput)

    def clean_tag(self):
        if "," in self.cleaned_data["tag"]:
            raise ValidationError(_("Please enter one tag, without a comma."))
        return clean_tag(self.cleaned_data["tag"])


class BaseOrganiserForm(QuestionnaireForm):
    """No question of the event is required, since organisers may not know the answer."""

    by_organiser = True
    language = forms.ChoiceField(label=_("Language of e-mail"), choices=settings.LANGUAGES)
    tags = TagsField(label=capfirst(TAGS.verbose_name), help_text=TAGS.help_text, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["tags"].widget.suggest = self.suggest_tags
        self.fields["email"].help_text = _("Empty for people without e-mail, whose ticket and link you can print.")

    def suggest_tags(self) -> list[str]:
        return [tag for tag in self.event.registrations.tags_in_use() if tag not in self.instance.tags]


class OrganiserAddForm(BaseOrganiserForm):
    """Registers somebody by hand, for example the director who phoned."""

    consent = forms.BooleanField(
        label=_("Has agreed to the use of their data (see the privacy notice)"),
        required=False,
        help_text=_("Tick this only if they have told you so."),
    )
    notify = forms.BooleanField(
        label=_("E-mail this person"),
        initial=True,
        required=False,
        help_text=_("The usual e-mail: whether they have a place or are on the waiting list, and their personal link."),
    )
    beyond_capacity = forms.BooleanField(
        label=_("Give a place even if none is available"),
        required=False,
        help_text=_("Goes over the limit and ahead of everybody on the waiting list."),
    )

    class Meta(QuestionnaireForm.Meta):
        fields = [*QuestionnaireForm.Meta.fields, "internal_note", "tags", "language"]


class OrganiserChangeForm(BaseOrganiserForm):
    """What an organiser may correct. Not the status, which only operations change."""

    class Meta(QuestionnaireForm.Meta):
        fields = [*QuestionnaireForm.Meta.fields, "language", "internal_note", "tags"]

    def __init__(self, *args, instance: Registration, **kwargs):
        super().__init__(*args, instance=instance, event=instance.event, **kwargs)

    def corrected(self) -> dict:
        """Return the changed values of a valid form, with the changed answers under “answers”."""
        names = [name for name in self.Meta.fields if name in self.changed_data and name != "topics"]
        current = self.instance.answers
        answers = {key: answer for key, answer in self.answers.items() if answer != current.get(key)}
        return {name: self.cleaned_data[name] for name in names} | {"answers": answers}

    def get_answer(self, question):
        # The person may have changed other answers since the page was opened.
        is_changed = get_field_name(question) in self.changed_data
        return super().get_answer(question) if is_changed else self.instance.answers.get(question.key)

    def clean(self):
        values = super().clean()
        identity = {name: values.get(name, "") for name in Registration.IDENTITY_FIELDS}
        others = self.event.registrations.live().exclude(pk=self.instance.pk)
        if not self.instance.is_cancelled and others.of_person(**identity).exists():
            raise ValidationError(
                _("There is already a registration of this person for this event with this e-mail address.")
            )
        email, is_new = identity["email"], identity["email"].lower() != self.instance.email.lower()
        is_asked = self.event.one_per_address and email and is_new and not self.instance.is_cancelled
        if is_asked and others.with_email(email).exists():
            raise ValidationError(
                _("The event takes one registration per e-mail address, and there is one with this address.")
            )
        return values

"""Something an event asks its attendees beside the fields that every registration has."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from conference.models import Event


class Question(models.Model):
    """Something an event asks its attendees beside the fields that every registration has."""

    class Kind(models.TextChoices):
        SHORT_TEXT = "short_text", _("short text")
        LONG_TEXT = "long_text", _("long text")
        YES_NO = "yes_no", _("yes or no")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="questions", verbose_name=_("event"))
    key = models.CharField(
        _("key"),
        max_length=40,
        validators=[RegexValidator(r"^[a-z][a-z0-9_]*\Z", _("Small letters a–z, digits and underscores only."))],
        help_text=_("Names the answers for ever, such as lunch. Do not change it once people have answered."),
    )
    label = I18nCharField(_("question"))
    help_text = I18nTextField(_("help"), blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.SHORT_TEXT)
    is_required = models.BooleanField(_("required"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["event", "key"], name="question_key_once_per_event")]

    def __str__(self):
        return str(self.label)

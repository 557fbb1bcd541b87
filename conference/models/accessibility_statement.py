"""The site's accessibility statement."""

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

NEEDED = _("Say what is not accessible and why, unless the site is fully compliant.")


class AccessibilityStatement(models.Model):
    """A single row. Its parts follow the model statement in Implementing Decision (EU) 2018/1523."""

    ONLY = 1

    class Status(models.TextChoices):
        FULL = "full", _("fully compliant")
        PARTIAL = "partial", _("partially compliant")
        NONE = "none", _("not compliant")

    class Method(models.TextChoices):
        SELF = "self", _("a self-assessment by the owner of the site")
        THIRD_PARTY = "third_party", _("an assessment by a third party")

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    owner = I18nCharField(_("owner of the site"), help_text=_("The public body responsible for the site."))
    status = models.CharField(_("result"), max_length=10, choices=Status)
    not_accessible = I18nTextField(
        _("what is not accessible"),
        blank=True,
        help_text=_(
            "Markdown. What is not accessible, why, and what people can use instead. Required unless fully compliant."
        ),
    )
    method = models.CharField(_("how it was assessed"), max_length=12, choices=Method, default=Method.SELF)
    prepared_on = models.DateField(_("prepared on"))
    reviewed_on = models.DateField(_("last reviewed on"))
    feedback_email = models.EmailField(_("e-mail for feedback"))
    feedback_phone = models.CharField(_("telephone for feedback"), max_length=40, blank=True)
    enforcement = I18nTextField(
        _("where to complain"),
        help_text=_("Markdown. Who people can turn to if they are not satisfied with the answer."),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("accessibility statement")
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="accessibility_statement_is_one"),
            models.CheckConstraint(
                condition=models.Q(reviewed_on__gte=models.F("prepared_on")),
                name="accessibility_statement_reviewed_after_it_was_prepared",
                violation_error_message=_("The review date cannot be earlier than the preparation date."),
            ),
            # An empty text is stored in either form, depending on where it came from.
            models.CheckConstraint(
                condition=models.Q(status="full") | ~models.Q(not_accessible__in=["", "{}"]),
                name="accessibility_statement_says_what_is_not_accessible",
                violation_error_message=NEEDED,
            ),
        ]

    def __str__(self):
        return str(self._meta.verbose_name)

    def get_absolute_url(self):
        return reverse("conference:accessibility")

    def clean(self):
        errors = {}
        if self.status in (self.Status.PARTIAL, self.Status.NONE) and not self.not_accessible:
            errors["not_accessible"] = NEEDED
        if self.reviewed_on and self.reviewed_on > timezone.localdate():
            errors["reviewed_on"] = _("This date is in the future. Please enter today's date or an earlier one.")
        if errors:
            raise ValidationError(errors)

"""What a user exported last."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class ExportChoice(models.Model):
    """The format and columns of a user's last export, preselected the next time."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="export_choice")
    format = models.CharField(max_length=20)
    # Names of the columns; those of questions are “answers.” and the key.
    columns = ArrayField(models.CharField(max_length=60))

    class Meta:
        verbose_name = _("last export")
        verbose_name_plural = _("last exports")

    def __str__(self):
        return str(self.user)

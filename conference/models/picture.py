"""Uploaded pictures, as they are served."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conference.models.limited_access import VisibleQuerySet


class PicturedQuerySet(VisibleQuerySet):
    def with_picture(self):
        """Load the picture in the same query, except its bytes."""
        return self.select_related("picture").defer("picture__content")


class Picture(models.Model):
    """Stored in the database, whose backup includes it. A row never changes, so browsers may cache its URL for ever."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    content = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def __str__(self):
        return f"{self.width} × {self.height}"

    def get_absolute_url(self):
        return reverse("picture", args=[self.digest])

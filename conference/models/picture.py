"""Pictures that organisers upload, as the site serves them."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class PicturedQuerySet(models.QuerySet):
    """Of rows that have a `picture`."""

    def with_picture(self):
        """Each with its picture at hand, but for the bytes of it."""
        return self.select_related("picture").defer("picture__content")


class PictureQuerySet(models.QuerySet):
    def unused(self):
        """Pictures that no event and no partner shows."""
        return self.filter(events=None, partners=None)


class Picture(models.Model):
    """The bytes live in the database, so that its backup is the backup of everything.

    A row never changes: another upload is another row, and its digest another address, which browsers may keep for
    ever. Two uploads of the same picture are one row.
    """

    digest = models.CharField(max_length=64, unique=True, editable=False)
    content = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def __str__(self):
        return f"{self.width} × {self.height}"

    def get_absolute_url(self):
        return reverse("picture", args=[self.digest])

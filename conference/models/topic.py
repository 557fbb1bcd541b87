"""The topics of a conference."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from conference.models.event import Event
from conference.models.visibility import VisibleQuerySet


class Topic(models.Model):
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="topics", verbose_name=_("event"))
    title = I18nCharField(_("title"))
    description = I18nTextField(_("description"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["position", "pk"]

    def __str__(self):
        return str(self.title)

    @classmethod
    def from_annotation(cls, event: Event) -> list["Topic"]:
        """Return the topics, in order, of an event from EventQuerySet.with_topics, without a query."""
        read = {field.name: field.to_python for field in cls._meta.concrete_fields}
        rows = event.topic_rows or []
        return [cls(event=event, **{name: read[name](value) for name, value in row.items()}) for row in rows]

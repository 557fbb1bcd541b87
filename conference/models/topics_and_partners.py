"""The topics of a conference; its organisers, partners and supporters."""

from django.db import models
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from conference.models.event import Event
from conference.models.limited_access import VisibleQuerySet
from conference.models.picture import Picture, PicturedQuerySet
from conference.models.validators import validate_static_file


class Topic(models.Model):
    event = models.ForeignKey(Event, models.CASCADE, related_name="topics", verbose_name=_("event"))
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


class Partner(models.Model):
    class Role(models.TextChoices):
        ORGANISER = "organiser", _("organiser")
        PARTNER = "partner", _("partner")
        SUPPORTER = "supporter", _("supporter")

    event = models.ForeignKey(Event, models.CASCADE, related_name="partners", verbose_name=_("event"))
    name = I18nCharField(_("name"))
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.PARTNER)
    url = models.URLField(_("website"), blank=True)
    logo = models.CharField(
        _("logo"),
        max_length=200,
        blank=True,
        validators=[validate_static_file],
        help_text=_(
            "A file under static/, for example img/partner.svg. If a picture is uploaded, it is shown instead."
        ),
    )
    picture = models.ForeignKey(
        Picture, models.SET_NULL, null=True, blank=True, related_name="partners", verbose_name=_("uploaded logo")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    funding_statement = I18nTextField(
        _("funding statement"), blank=True, help_text=_("The sentence the funder requires.")
    )

    objects = PicturedQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["position", "pk"]

    def __str__(self):
        return str(self.name)

    @property
    def logo_url(self) -> str:
        """The URL of the uploaded logo, else of the file under static/; empty without either."""
        if self.picture:
            return self.picture.get_absolute_url()
        return static(self.logo) if self.logo else ""

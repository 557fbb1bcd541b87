"""Organisers, partners and supporters of a conference."""

from django.db import models
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from conference.models.event import Event
from conference.models.picture import Picture, PicturedQuerySet
from conference.models.validators import validate_static_file
from conference.models.visibility import VisibleQuerySet


class PartnerQuerySet(PicturedQuerySet, VisibleQuerySet):
    pass


class Partner(models.Model):
    class Role(models.TextChoices):
        ORGANISER = "organiser", _("organiser")
        PARTNER = "partner", _("partner")
        SUPPORTER = "supporter", _("supporter")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="partners", verbose_name=_("event"))
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
        Picture,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="partners",
        verbose_name=_("uploaded logo"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    funding_statement = I18nTextField(
        _("funding statement"), blank=True, help_text=_("The sentence the funder requires.")
    )

    objects = PartnerQuerySet.as_manager()

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

"""What stands on an event's page in rows: topics, sectors, partners, paragraphs in e-mails."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from conference.admin.mixins import InlineFieldsMixin
from conference.admin.ordering import OrderedFormSet
from conference.admin.picture_fields import PictureFieldMixin
from conference.models import DEFAULT_SECTORS, Partner, Sector, Topic
from registrations.models import EmailParagraph
from registrations.operations.question_edits import make_key


class TopicInline(InlineFieldsMixin, admin.TabularInline):
    model = Topic
    formset = OrderedFormSet
    extra = 1


class SectorFormSet(OrderedFormSet):
    """A new sector gets its key from its label; one that somebody has chosen is not deleted."""

    def clean(self):
        super().clean()
        keys = [form.instance.key for form in self.deleted_forms if form.instance.pk]
        chosen = self.instance.registrations.filter(sector__in=keys).values_list("sector", flat=True).order_by()
        if labels := [f"“{self.instance.get_sector_label(key)}”" for key in chosen.distinct()]:
            text = _(
                "Somebody has chosen %(sectors)s, so it cannot be deleted. Untick “offered” instead: then nobody can "
                "choose it any more."
            )
            raise ValidationError(text, params={"sectors": ", ".join(labels)})

    def save_new(self, form, commit=True):
        taken = {sector.key for sector in self.instance.sectors.all()}
        defaults = {key for key, label in DEFAULT_SECTORS.items() if form.instance.label == label}
        form.instance.key = next(iter(defaults - taken), "") or make_key(form.instance.label, taken, "sector")
        return super().save_new(form, commit)


class SectorInline(InlineFieldsMixin, admin.TabularInline):
    """A new event gets the default ones; so they are changed afterwards."""

    model = Sector
    formset = SectorFormSet
    extra = 0


class PartnerFormSet(OrderedFormSet):
    """An event cannot do without an organiser: where there is nobody yet, the first is one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.initial_form_count():
            self.initial_extra = [{"role": Partner.Role.ORGANISER}]


class PartnerInline(PictureFieldMixin, InlineFieldsMixin, admin.StackedInline):
    model = Partner
    formset = PartnerFormSet
    fields = ["name", "role", "url", "picture", "funding_statement", "position"]
    extra = 1
    picture_is_logo = True


class EmailParagraphInline(InlineFieldsMixin, admin.StackedInline):
    model = EmailParagraph
    extra = 0
    markdown_fields = ["text"]
    markdown_kind = "email"
    verbose_name = _("your own paragraph in an e-mail")
    verbose_name_plural = _("your own paragraphs in e-mails")

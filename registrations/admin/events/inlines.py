"""The inlines of the event's page."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from conference.admin.mixins import InlineFieldsMixin
from conference.admin.picture_fields import PictureFieldMixin
from conference.models import Partner, Topic
from registrations.models import EmailParagraph


class TopicInline(InlineFieldsMixin, admin.TabularInline):
    model = Topic
    extra = 0


class PartnerInline(PictureFieldMixin, InlineFieldsMixin, admin.StackedInline):
    model = Partner
    extra = 0
    picture_is_logo = True


class EmailParagraphInline(InlineFieldsMixin, admin.StackedInline):
    model = EmailParagraph
    extra = 0
    markdown_fields = ["text"]
    verbose_name = _("your own paragraph in an e-mail")
    verbose_name_plural = _("your own paragraphs in e-mails")

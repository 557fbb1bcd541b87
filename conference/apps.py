from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConferenceConfig(AppConfig):
    name = "conference"
    verbose_name = _("Public pages")

    def ready(self):
        from conference import checks  # noqa: F401 (registers itself)
        from config import deployment_checks  # noqa: F401 (the same)

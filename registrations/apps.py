from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RegistrationsConfig(AppConfig):
    name = "registrations"
    verbose_name = _("Registrations")

    def ready(self):
        # Migrations create permissions at their end, so the groups get them afterwards.
        from registrations.permissions import grant_group_permissions

        post_migrate.connect(grant_group_permissions, sender=self)

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self):
        # Migrations create permissions at their end, so the group gets them afterwards.
        from accounts.roles import grant_colleague_permissions

        post_migrate.connect(grant_colleague_permissions, sender=self)


class StaffAdminConfig(AdminConfig):
    default_site = "accounts.staff_site.StaffAdminSite"

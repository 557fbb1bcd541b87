"""What the site remembers of the accounts of people who log in, beside Django's users and allauth's second factors."""

from django.conf import settings
from django.db import models


class SecondFactorGrace(models.Model):
    """When a user was first told to set up two-step log-in, which starts the days of grace. It starts only once."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="second_factor_grace")
    began_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return str(self.user)

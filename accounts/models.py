"""What the site remembers of the accounts of people who log in, beside Django's users and allauth's second factors."""

from django.conf import settings
from django.contrib.auth.models import User, UserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.models import LimitedAccess, get_limited_access
from registrations.models import OutgoingEmail


class SecondFactorGrace(models.Model):
    """When a user was first told to set up two-step log-in, which starts the days of grace. It starts only once."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="second_factor_grace")
    began_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return str(self.user)


class ColleagueQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return the colleagues that `user` sees: who is limited to some events sees those limited to one of them."""
        colleagues = self.filter(is_staff=True)
        access = get_limited_access(user)
        if access is None:
            return colleagues
        limited = LimitedAccess.objects.filter(events__in=access.events.all()).values("user")
        return colleagues.filter(models.Q(pk__in=limited, is_superuser=False) | models.Q(pk=user.pk))

    def with_invitation(self):
        """Annotate when the last e-mail with an invitation was sent or will be tried; of those who never came."""
        sent = OutgoingEmail.objects.filter(kind=OutgoingEmail.Kind.INVITATION, to=models.OuterRef("email"))
        last = sent.order_by("-created_at", "-pk")[:1]
        is_open = models.Q(last_login=None)
        return self.annotate(
            invitation_sent_at=models.Case(models.When(is_open, models.Subquery(last.values("sent_at")))),
            invitation_next_attempt_at=models.Case(
                models.When(is_open, models.Subquery(last.values("next_attempt_at")))
            ),
        )


class ColleagueManager(UserManager.from_queryset(ColleagueQuerySet)):
    use_in_migrations = False


class Colleague(User):
    """A user of the admin, as organisers see them: with a role and events, without permissions and passwords."""

    objects = ColleagueManager()

    class Meta:
        proxy = True
        default_permissions = ("add", "change", "view")
        ordering = ["first_name", "last_name", "pk"]
        verbose_name = _("colleague")
        verbose_name_plural = _("colleagues")

    def __str__(self):
        return self.get_full_name() or self.get_username()

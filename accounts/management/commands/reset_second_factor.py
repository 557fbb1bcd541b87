from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from accounts.second_factor import reset_second_factor


class Command(BaseCommand):
    help = "Removes the second factor of a user who has lost it, if no other superuser can do it in the admin."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *, username, **options):
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no user {username!r}.")
        number = reset_second_factor(user)
        self.stdout.write(f"{username} now logs in with the password alone; removed: {number}.")

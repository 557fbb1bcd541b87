"""Accounts in the admin: Django's page of users, for superusers, and colleagues, who are invited by e-mail."""

from accounts.admin import colleague_admin, user_admin

"""Logging in to the admin with a password."""


def log_in(page, user, password: str = "correct horse") -> None:  # noqa: S107 (the factories')
    """Fill in the form that `page` shows to whoever is not logged in, and wait for the page behind it."""
    page.locator("#id_login").fill(user.username)
    page.locator("#id_password").fill(password)
    page.locator("#id_password").press("Enter")
    page.wait_for_url(lambda address: "/log-in/" not in address)  # and until it is loaded, with its styles

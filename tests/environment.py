"""A pytest plugin, named in pyproject.toml: gives the tests a database before Django's settings are read."""

import os

import pytest

from config import development


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests():
    os.environ.setdefault("DEBUG", "on")
    os.environ["SIGNUP_MIN_SECONDS"] = "0"  # tests fill a form in at once, those of the time itself excepted
    development.set_environment()  # before pytest-django reads the settings, which no wrapper is
    return (yield)

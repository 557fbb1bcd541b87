"""A pytest plugin, named in pyproject.toml: gives the tests a database before Django's settings are read."""

import os

import pytest

from config import development


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests():
    os.environ.setdefault("DEBUG", "on")
    development.set_environment()  # before pytest-django reads the settings, which no wrapper is
    return (yield)

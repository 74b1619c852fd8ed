"""The program and its people, as the tests of the web have them."""

from tests.web.conftest import app, asks, http

__all__ = ["app", "asks", "http"]

"""The product's settings and one app more, whose handlers break on purpose."""

from __future__ import annotations

from config.settings import *  # noqa: F403 -- the settings under test are the product's
from config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.fault.app.apps.FaultConfig"]
ROOT_URLCONF = "tests.fault.urls"

"""The product's settings and one app more, whose consumers do nothing."""

from __future__ import annotations

from config.settings import *  # noqa: F403 -- the settings measured are the product's
from config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.bench.chain_app.ChainConfig"]

"""One router of all apps under /api/v1/."""

from __future__ import annotations

from rest_framework.routers import SimpleRouter

import buyers.api
import core.catalogue.api
import core.freight.api
import core.imports.api
import core.places.api
import core.vault.api
import matchmaking.api
import producers.api

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
core.places.api.register(router)
core.catalogue.api.register(router)
core.freight.api.register(router)
core.imports.api.register(router)
core.vault.api.register(router)
producers.api.register(router)
buyers.api.register(router)
matchmaking.api.register(router)

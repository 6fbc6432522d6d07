"""Rate limits of the API, by API key, person or address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from core.web.actor import acting

if TYPE_CHECKING:
    # rest_framework.views loads this module while it is itself half loaded.
    from rest_framework.views import APIView


class PerActor(SimpleRateThrottle):
    """One budget for each organisation's key or person; a smaller one for an unknown address."""

    scope = "actor"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """Return the budget's key."""
        actor = acting(request)
        if actor.scopes is not None:
            return f"throttle:{self.scope}:org:{actor.organisation_id}"
        if actor.user_id is not None:
            return f"throttle:{self.scope}:user:{actor.user_id}"
        return f"throttle:{self.scope}:address:{self.get_ident(request)}"

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Choose the smaller budget for strangers, then count."""
        if not acting(request).is_signed_in:
            self.rate = self.THROTTLE_RATES["anonymous"]
            self.num_requests, self.duration = self.parse_rate(self.rate)
        return super().allow_request(request, view)


class PerActorPreview(PerActor):
    """Previews cost more than a read."""

    scope = "preview"

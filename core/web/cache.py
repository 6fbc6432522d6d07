"""A cache that may be away: rate limits and cached numbers must not take the site down."""

from __future__ import annotations

from typing import Any

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)


class ForgivingRedisCache(RedisCache):
    """Redis while it answers; a limit in this process while it does not.

    Falling back to memory keeps rate limits closed (per process), where failing open would
    lift them for everybody and failing loudly would answer 500.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._memory = LocMemCache("forgiving", {**params, "OPTIONS": {}})

    def _either(self, name: str, *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(super(), name)(*args, **kwargs)
        except (RedisError, OSError) as error:
            log.warning("cache_away", call=name, error=type(error).__name__)
            return getattr(self._memory, name)(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> Any:
        """Set unless present."""
        return self._either("add", *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Return the value or the default."""
        return self._either("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        """Store a value."""
        return self._either("set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        """Give a key a new lifetime."""
        return self._either("touch", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Forget a key."""
        return self._either("delete", *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        """Count up."""
        return self._either("incr", *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        """Return several values."""
        return self._either("get_many", *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        """Store several values."""
        return self._either("set_many", *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        """Tell whether a key is there."""
        return self._either("has_key", *args, **kwargs)

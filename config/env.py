"""The environment, read once into a frozen, typed value; a wrong value means no start."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
MOST_SHARDS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Env:
    """Everything the service takes from its surroundings."""

    secret_key: str
    debug: bool
    allowed_hosts: tuple[str, ...]
    site_url: str
    database: dict[str, Any]
    redis_url: str
    email: dict[str, Any]
    default_from_email: str
    media_root: Path
    static_root: Path
    mailbox_dir: Path | None
    log_json: bool
    proxy_count: int
    matching_shards: int
    compress_static: bool
    matching_kernel: str
    matching_threads: int


def read_env() -> Env:
    """Read and check the environment.

    Raises:
        ImproperlyConfigured: A variable is missing or has a value that cannot be meant.
    """
    env = environ.Env()
    site_url = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
    if urlsplit(site_url).scheme not in {"http", "https"}:
        raise ImproperlyConfigured("SITE_URL must begin with http:// or https://.")
    secret_key = env.str("SECRET_KEY")
    if len(secret_key) < 32:  # noqa: PLR2004 -- Django's own check asks for more; this stops "changeme"
        raise ImproperlyConfigured("SECRET_KEY needs at least 32 characters.")
    mailbox_dir = env.str("MAILBOX_DIR", default="")
    return Env(
        secret_key=secret_key,
        debug=env.bool("DEBUG", default=False),
        allowed_hosts=tuple(env.list("ALLOWED_HOSTS", default=[urlsplit(site_url).hostname or ""])),
        site_url=site_url,
        database=env.db_url("DATABASE_URL"),
        redis_url=_checked_redis_url(env.str("REDIS_URL")),
        email=env.email_url("EMAIL_URL"),
        default_from_email=env.str(
            "DEFAULT_FROM_EMAIL", default="Nhịp Cầu <khong-tra-loi@nhipcau.example>"
        ),
        media_root=Path(env.str("MEDIA_ROOT", default=str(BASE_DIR / "var" / "media"))),
        static_root=Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "var" / "static"))),
        mailbox_dir=Path(mailbox_dir) if mailbox_dir else None,
        log_json=env.bool("LOG_JSON", default=True),
        proxy_count=env.int("PROXY_COUNT", default=0),
        matching_shards=_checked_shards(env.int("MATCHING_SHARDS", default=1)),
        compress_static=env.bool("STATIC_COMPRESS", default=True),
        matching_kernel=_checked_kernel(env.str("MATCHING_KERNEL", default="auto")),
        matching_threads=max(env.int("MATCHING_THREADS", default=0), 0),
    )


def _checked_kernel(use: str) -> str:
    if use not in {"auto", "always", "never"}:
        raise ImproperlyConfigured("MATCHING_KERNEL must be auto, always or never.")
    return use


def _checked_shards(shards: int) -> int:
    if not 1 <= shards <= MOST_SHARDS:
        raise ImproperlyConfigured(f"MATCHING_SHARDS must be from 1 to {MOST_SHARDS}.")
    return shards


def _checked_redis_url(url: str) -> str:
    if urlsplit(url).scheme not in {"redis", "rediss", "unix"}:
        raise ImproperlyConfigured("REDIS_URL must begin with redis://, rediss:// or unix://.")
    return url


def celery_broker_url(redis_url: str) -> str:
    """Return the broker address in kombu's spelling.

    redis-py says ``unix:///path?db=1`` where kombu says ``redis+socket:///path?virtual_host=1``,
    and each refuses the other's.
    """
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={database}"


def cache_url(redis_url: str) -> str:
    """Return the cache's address: the database after the broker's, so that neither empties both."""
    parts = urlsplit(redis_url)
    if parts.scheme == "unix":
        database = int(parse_qs(parts.query).get("db", ["0"])[0])
        return f"unix://{parts.path}?db={database + 1}"
    database = int(parts.path.lstrip("/") or 0)
    return parts._replace(path=f"/{database + 1}").geturl()

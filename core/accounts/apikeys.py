"""Secrets of API keys: made once, shown once, stored as a hash, compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import string
from dataclasses import dataclass, field
from typing import Final

SCHEME: Final = "nc"
_PREFIX_LETTERS: Final = string.ascii_lowercase + string.digits
_PREFIX_LENGTH: Final = 8
_SECRET_BYTES: Final = 32
_MAX_LENGTH: Final = 100


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made; `token` is for its owner's eyes only and is never stored."""

    prefix: str
    secret_sha256: str
    token: str = field(repr=False)


def make() -> NewKey:
    """Return a fresh key, `nc_<prefix>_<secret>`; the secret carries 256 random bits."""
    prefix = "".join(secrets.choice(_PREFIX_LETTERS) for _ in range(_PREFIX_LENGTH))
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    return NewKey(prefix, hash_secret(secret), f"{SCHEME}_{prefix}_{secret}")


def split(token: str) -> tuple[str, str] | None:
    """Return (prefix, secret) of a token; None where it cannot be one of ours."""
    if len(token) > _MAX_LENGTH or not token.isascii():
        return None
    scheme, _first, rest = token.partition("_")
    prefix, _second, secret = rest.partition("_")
    if scheme != SCHEME or len(prefix) != _PREFIX_LENGTH or not prefix.isalnum() or not secret:
        return None
    return prefix, secret


def hash_secret(secret: str) -> str:
    """Return the stored form: SHA-256 in hex; a random secret needs no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def matches(secret: str, *, secret_sha256: str) -> bool:
    """Compare a secret with a stored hash, in constant time."""
    return hmac.compare_digest(hash_secret(secret), secret_sha256)

"""The six digits an authenticator app would show (RFC 6238), for the demo's officers."""

from __future__ import annotations

import base64
import hmac
import struct

_STEP_SECONDS = 30


def code(secret: str, *, at: float) -> str:
    """Return the code of the base-32 ``secret`` at ``at`` seconds since the epoch."""
    key = base64.b32decode(secret.upper() + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(at) // _STEP_SECONDS), "sha1")
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"

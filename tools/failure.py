"""The one exception ./dev shows without a traceback."""

from __future__ import annotations


class Failure(RuntimeError):  # noqa: N818 -- read as "raise Failure(what to do)"
    """Something a person can put right; the message says how, in one sentence."""

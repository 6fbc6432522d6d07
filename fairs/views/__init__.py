"""Pages of the fairs app."""

from __future__ import annotations

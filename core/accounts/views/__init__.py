"""Pages of people and organisations."""

from __future__ import annotations

"""Wiring; importing the Celery app here lets the relay ring it from a management command."""

from __future__ import annotations

from config.celery import app as celery_app

__all__ = ["celery_app"]

"""The API of the fairs app: nothing of fairs is offered to programs yet."""

from __future__ import annotations

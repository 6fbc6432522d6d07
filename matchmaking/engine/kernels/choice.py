"""Whether the compiled kernel ranks, and on how many threads: never a choice of results."""

from __future__ import annotations

import importlib
import os
from types import ModuleType
from typing import Final

_WORTH_LOADING_PAIRS: Final = 20_000_000
"""Offers times requests from which loading the kernel costs less than to do without it."""


class Choice:
    """What this process uses; changed by whoever starts it, before the first ranking."""

    def __init__(self) -> None:
        self.use = "auto"
        self.threads = os.cpu_count() or 1
        self._kernel: ModuleType | None = None
        self._is_missing = False

    def make(self, *, use: str, threads: int) -> None:
        """Set both.

        Args:
            use: `auto` (once it is loaded, or where that is worth it), `always` or `never`.
            threads: How many may rank at once; 0 for as many as there are processors.
        """
        self.use = use
        self.threads = threads or os.cpu_count() or 1

    @property
    def is_ready(self) -> bool:
        """Whether the kernel is loaded and compiled."""
        return self._kernel is not None

    def kernel(self, *, pairs: int) -> ModuleType | None:
        """The module to rank with; None where the columnar functions do it sooner or alone can.

        Args:
            pairs: Offers times requests.
        """
        if self.use == "never" or self._is_missing:
            return None
        if self._kernel is None and (self.use == "always" or pairs >= _WORTH_LOADING_PAIRS):
            self.load()
        return self._kernel

    def load(self) -> None:
        """Import and compile the kernel unless it is switched off or cannot run here."""
        if self.use == "never" or self._kernel is not None:
            return
        try:
            kernel = importlib.import_module("matchmaking.engine.kernels.best")
        except (ImportError, OSError):  # no numba, or none that runs here
            self._is_missing = True
            return
        kernel.warm_up()
        self._kernel = kernel


CHOICE: Final = Choice()

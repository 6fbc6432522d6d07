"""A real browser for end-to-end tests, where the machine has one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

PICTURES = Path(__file__).resolve().parents[2] / "var" / "screenshots"


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """The machine's own Chromium; without one these tests are skipped, never failed."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium on this machine: install the package chromium to run these tests")
    from playwright.sync_api import sync_playwright

    # Playwright's event loop lives in this thread; Django would take it for an async program.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]

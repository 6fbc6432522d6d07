"""Where things lie in this checkout; everything ./dev makes is below var/ and .venv/."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Checkout:
    """The folders of one checkout."""

    root: Path

    @property
    def var(self) -> Path:
        """State: data, logs, mails, locks."""
        return self.root / "var"

    @property
    def logs(self) -> Path:
        """One log per part."""
        return self.var / "log"

    @property
    def mail(self) -> Path:
        """Maildir of the mail sink."""
        return self.var / "mail"

    @property
    def demo_logins(self) -> Path:
        """Where ``load_demo`` writes one login per role."""
        return self.var / "demo_logins.json"

    @property
    def scratch(self) -> Path:
        """TMPDIR of everything we start."""
        return self.var / "tmp"

    @property
    def venv(self) -> Path:
        """The virtual environment."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The environment's interpreter."""
        return self.venv / "bin" / "python"

    @property
    def site_packages(self) -> Path:
        """Where the environment's wheels are unpacked."""
        found = sorted((self.venv / "lib").glob("python3*/site-packages"))
        return found[-1] if found else self.venv / "lib"

    def requirements(self, kind: str) -> Path:
        """The hash-pinned export for one purpose."""
        return self.root / "requirements" / f"{kind}.txt"

    def make_folders(self) -> None:
        """Create var/ with what nearly every verb needs."""
        for folder in (self.var, self.logs, self.scratch):
            folder.mkdir(mode=0o755, parents=True, exist_ok=True)

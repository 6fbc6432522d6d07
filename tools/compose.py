"""Reads docker-compose.yml where no container engine is: it parses and names our parts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml

SERVICES = frozenset(
    {"postgres", "valkey", "migrate", "web", "relay", "mailer", "worker-matching", "worker", "beat"}
)
_OF_OTHERS = frozenset({"postgres", "valkey"})


def complaints(text: str) -> list[str]:
    """Say what is wrong with a compose file; one sentence each."""
    composed: dict[str, Any] = yaml.safe_load(text)
    services: dict[str, dict[str, Any]] = composed.get("services", {})
    if set(services) != SERVICES:
        return [f"services should be {sorted(SERVICES)}, found {sorted(services)}"]
    found = []
    for name, service in services.items():
        once = service.get("restart") == "no"
        if not once and "healthcheck" not in service:
            found.append(f"{name} has no health check")
        if not once and service.get("restart") != "unless-stopped":
            found.append(f"{name} is not restarted")
        if name not in _OF_OTHERS and not (service.get("image") and service.get("command")):
            found.append(f"{name} needs the image and a command")
        found += [
            f"{name} depends on {other}, which has no health check"
            for other, how in service.get("depends_on", {}).items()
            if how.get("condition") == "service_healthy" and "healthcheck" not in services[other]
        ]
    return found


def main() -> int:
    """Print complaints about the checkout's compose file."""
    path = Path(__file__).resolve().parent.parent / "docker-compose.yml"
    found = complaints(path.read_text(encoding="utf-8"))
    for line in found:
        print(f"{path.name}: {line}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

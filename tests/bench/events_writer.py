"""A process that commits offers with their events, a hundred in each transaction.

`events_writer.py OFFERS SEED RATE`: draws the offers, says "ready", and begins when it is told to.
RATE is offers a second, 0 for as many as it can. Says the ids of what it committed.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/bench")]
AT_ONCE = 100


def main() -> None:
    """Draw, wait for the word, write."""
    count, seed, rate = (int(argument) for argument in sys.argv[1:])
    import django

    django.setup()
    from events_world import drawn_offers, publish

    offers, ids = drawn_offers(count, seed=seed), []
    _say("ready")
    sys.stdin.readline()
    began, before = time.monotonic(), _cpu()
    for start in range(0, count, AT_ONCE):
        ids += publish(offers[start : start + AT_ONCE])
        if rate:
            time.sleep(max(began + len(ids) / rate - time.monotonic(), 0))
    used = {name: seconds - before[name] for name, seconds in _cpu().items()}
    _say(json.dumps({"ids": ids, "cpu": used}))


def _cpu() -> dict[str, float]:
    from django.db import connection
    from processor import cpu_seconds_of

    connection.ensure_connection()
    session = cpu_seconds_of(connection.connection.info.backend_pid)
    return {"writers": time.process_time(), "postgresql for writers": session}


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

"""Places and catalogue: addresses, product names, travel matrix and search beside their peers.

`./dev bench places [--part addresses|names|matrix|search] [--rows 20000] [--products 10k,100k,1m]
[--rounds 3] [--json]`. The peers: `vietnamadminunits.convert_address`, a loop over all synonyms,
networkx, and `ILIKE`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/bench")]

import places_addresses  # noqa: E402 -- the checkout comes first
import places_matrix  # noqa: E402 -- as above
import places_names  # noqa: E402 -- as above
import places_search  # noqa: E402 -- as above
from report import Measured, publish  # noqa: E402 -- as above


def main() -> int:
    """Run the parts asked for, all by default, and print them as one result."""
    options = _options()
    parts: dict[str, Callable[[], Measured]] = {
        "addresses": lambda: places_addresses.measure(size=options.rows, rounds=options.rounds),
        "names": lambda: places_names.measure(size=options.rows, rounds=options.rounds),
        "matrix": lambda: places_matrix.measure(rounds=options.rounds),
        "search": lambda: places_search.measure(sizes=options.products, rounds=options.rounds),
    }
    chosen = options.part or list(parts)
    measured = [parts[name]() for name in chosen]
    return publish("places", measured, rounds=options.rounds, as_json=options.json)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    names = ["addresses", "names", "matrix", "search"]
    parser.add_argument("--part", action="append", choices=names)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--products", type=_sizes, default=(10_000, 100_000, 1_000_000))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _sizes(text: str) -> tuple[int, ...]:
    parts = text.lower().replace("k", "000").replace("m", "000000").split(",")
    return tuple(int(part) for part in parts)


if __name__ == "__main__":
    sys.exit(main())

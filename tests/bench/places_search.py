"""Search among products at growing sizes, beside the ILIKE that people write without it.

Each engine answers what a list needs: the first page and how many hits there are. Wanted are the
products that have all the words meant, whatever was typed; the share of wanted rows on the first
page tells what a fast answer is worth.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "tests/bench")]

import psycopg  # noqa: E402 -- the checkout comes first
from report import Aim, Measured, Row  # noqa: E402 -- as above

DATABASE = "places_search_bench"
PAGE = 20
SELLERS = 2_000
AIM_RATIO = 10.0
AIM_WANTED = 0.95
ENGINES = ("search", "ilike", "unaccent ilike")
HARMLESS = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "SECRET_KEY": "only-for-benches-never-deployed-0123456789-abcdef",
    "REDIS_URL": "unix:///nonexistent",
    "EMAIL_URL": "memorymail://",
}


class Asked(NamedTuple):
    """A search text of the mix, and the words it stands for."""

    kind: str
    typed: str
    meant: str


MIX = (
    Asked("accented", "chả mực", "cha muc"),
    Asked("accented", "rượu nếp", "ruou nep"),
    Asked("accented", "Bánh hoà lạc", "banh hoa lac"),
    Asked("unaccented", "ca phe", "ca phe"),
    Asked("unaccented", "che tan cuong", "che tan cuong"),
    Asked("unaccented", "MAT ONG", "mat ong"),
    Asked("one typing error", "cha muk ha long", "cha muc ha long"),
    Asked("one typing error", "sau rienng", "sau rieng"),
    Asked("one typing error", "nuowc mam", "nuoc mam"),
    Asked("words swapped", "hạ long chả mực", "cha muc ha long"),
    Asked("words swapped", "cuong tan che", "che tan cuong"),
    Asked("rare", "hai ha", "hai ha"),
    Asked("rare", "Sủng Máng", "sung mang"),
    Asked("very common", "cá", "ca"),
    Asked("very common", "hợp tác xã", "hop tac xa"),
    Asked("no hit", "xyzzyq vô danh", "xyzzyq vo danh"),
)


def measure(sizes: Sequence[int], rounds: int) -> Measured:
    """Fill a database of its own step by step, ask the mix at each size, then drop it."""
    url = os.environ["DATABASE_URL"]
    scratch = urlunsplit(urlsplit(url)._replace(path=f"/{DATABASE}"))
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {DATABASE}")
        try:
            results = _in_own_process(scratch, sorted(sizes), rounds)
        finally:
            server.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
    rows = [Row(*row) for row in results["rows"]]
    return Measured(rows=rows, aims=_aims(rows, largest=max(sizes)))


def _aims(rows: Sequence[Row], *, largest: int) -> list[Aim]:
    figures = {(row.case, row.engine): row.value for row in rows}
    p50 = f"search {largest:,} p50"
    wanted = f"search {largest:,} wanted on page 1"
    return [
        Aim("places.search_vs_ilike", figures[p50, "ilike"] / figures[p50, "search"], AIM_RATIO),
        Aim("places.search_wanted", figures[wanted, "search"], AIM_WANTED),
    ]


def _in_own_process(url: str, sizes: Sequence[int], rounds: int) -> dict[str, Any]:
    """Ask in a process whose Django knows the scratch database alone."""
    command = [sys.executable, __file__, str(rounds), *map(str, sizes)]
    environment = {**HARMLESS, **os.environ, "DATABASE_URL": url}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> int:
    """Fill and ask; the rows go to standard output as JSON."""
    import django

    django.setup()
    from django.core.management import call_command
    from search_shop import Shop

    call_command("migrate", verbosity=0)
    rounds, *sizes = map(int, sys.argv[1:])
    shop = Shop(sellers=SELLERS)
    rows: list[Row] = []
    for size in sizes:
        shop.grow(size)
        rows += _asked(shop, size=size, rounds=rounds)
    sys.stdout.write(json.dumps({"rows": rows}))
    return 0


def _asked(shop: Any, *, size: int, rounds: int) -> list[Row]:
    engines: dict[str, Callable[[str], list[int]]] = {
        "search": shop.search,
        "ilike": shop.ilike,
        "unaccent ilike": shop.unaccented,
    }
    seconds: dict[str, list[float]] = {name: [] for name in engines}
    shares: dict[str, list[float]] = {name: [] for name in engines}
    rows = []
    for asked in MIX:
        wanted, of_one = shop.wanted(asked.meant, most=PAGE), {name: [] for name in engines}
        for _ in range(rounds):
            for name, ask in engines.items():
                began = time.perf_counter()
                page = ask(asked.typed)
                of_one[name].append(time.perf_counter() - began)
        for name, ask in engines.items():
            page = ask(asked.typed)
            hits = shop.count_wanted(page, asked.meant)
            if wanted or asked.kind == "no hit":
                shares[name].append(hits / wanted if wanted else float(not page))
            seconds[name] += of_one[name]
            case = f"{asked.kind}: {asked.typed} ({size:,})"
            rows.append(Row(case, name, statistics.median(of_one[name])))
    for name in engines:
        cuts = statistics.quantiles(seconds[name], n=20)
        rows += [
            Row(f"search {size:,} p50", name, statistics.median(seconds[name])),
            Row(f"search {size:,} p95", name, cuts[-1]),
            Row(f"search {size:,} wanted on page 1", name, statistics.mean(shares[name]), "share"),
        ]
    return rows


if __name__ == "__main__":
    sys.exit(main())

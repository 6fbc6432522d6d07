"""Comparing a register with what the portal knows.

`./dev bench registry [--entries 10000] [--products 20000] [--rounds 3] [--json]`. No database: the
worker reads the province once and compares in memory on one core, so CPU time is counted. Half of
the entries are planted: a product of ours with package words, a typing error or another legal form,
with or without its tax code. The run fails when a planted one is missed too often.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/bench")]

from report import Aim, Measured, Row, publish  # noqa: E402 -- the checkout comes first

from producers.reconciling import EntryFacts, OursFacts, OursIndex, compare  # noqa: E402 -- as above

SEED = 20261122
SYLLABLES = [
    "an", "ba", "bach", "binh", "cam", "cao", "cat", "chau", "dai", "dam", "dinh", "dong", "duc",
    "gia", "ha", "hai", "hoa", "hoang", "hong", "hung", "huong", "khe", "kim", "lam", "lan",
    "lien", "linh", "long", "mai", "minh", "my", "nam", "ngoc", "nhat", "ninh", "phong", "phu",
    "phuc", "quan", "quang", "son", "tam", "tan", "thanh", "thao", "thien", "thu", "thuan",
    "thuy", "tien", "tra", "trung", "tuan", "van", "viet", "vinh", "xuan", "yen",
]  # fmt: skip
GOODS = (
    "cha muc", "cam sanh", "ruou ba kich", "tra hoa vang", "mien dong", "nem chua", "nuoc mam",
    "mat ong", "tom chua", "ga doi", "rau sach", "gao nep", "mang kho", "na dai", "vai chin som",
    "hau sua", "ngan kho", "banh trang", "tinh dau que",
)  # fmt: skip
FORMS = ("hop tac xa", "cong ty tnhh", "ho kinh doanh", "cong ty co phan")
PACKS = ("hop 500g", "tui 1 kg", "chai 500ml", "ocop 4 sao")
PRODUCTS_EACH = 2.5


def main() -> int:
    """Make a province, plant what a register says of it, and compare."""
    options = _options()
    rng = random.Random(SEED)
    ours = _province(rng, options.products)
    goods = [one for one in ours if one.product_id is not None]
    entries = [_entry(rng, number, goods) for number in range(options.entries)]
    index_s, index = _timed(lambda: OursIndex(ours), options.rounds)
    compare_s, found = _timed(
        lambda: [compare(entry, index) for entry, _wanted in entries], options.rounds
    )
    planted = [
        (wanted, one) for (_entry, wanted), one in zip(entries, found, strict=True) if wanted
    ]
    seen = sum(wanted in {c.product_id for c in one.candidates} for wanted, one in planted)
    case = f"{options.entries} entries, {options.products} products"
    rows = (
        Row(f"{case}: index", "ours", index_s),
        Row(f"{case}: compare", "ours", compare_s),
        Row("one entry", "ours", 1000 * compare_s / options.entries, "ms"),
        Row("planted and found", "ours", 100 * seen / len(planted), "%"),
    )
    rss_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    aims = (
        Aim("registry.entries_per_second", options.entries / compare_s, 500),
        Aim("registry.planted_found_percent", 100 * seen / len(planted), 98),
        Aim("registry.rss_mb", rss_mb, 400, "lower"),
    )
    part = Measured(rows, aims)
    return publish("registry", [part], rounds=options.rounds, as_json=options.json)


def _province(rng: random.Random, products: int) -> list[OursFacts]:
    holders = [
        OursFacts(
            organisation_id=number,
            holder=f"{rng.choice(FORMS)} {_words(rng, 3)}",
            tax_code=f"57{number:08d}",
            commune_id=number % 54,
        )
        for number in range(1, int(products / PRODUCTS_EACH) + 1)
    ]
    goods = []
    for number in range(1, products + 1):
        holder = rng.choice(holders)
        goods.append(
            OursFacts(
                organisation_id=holder.organisation_id,
                product_id=number,
                name=f"{rng.choice(GOODS)} {_words(rng, 2)}",
                holder=holder.holder,
                tax_code=holder.tax_code,
                commune_id=holder.commune_id,
            )
        )
    return holders + goods


def _entry(
    rng: random.Random, number: int, goods: list[OursFacts]
) -> tuple[EntryFacts, int | None]:
    """Return a row and the product it stands for; every other row stands for nothing."""
    if number % 2:
        name, holder = f"{rng.choice(GOODS)} {_words(rng, 3)}", f"htx {_words(rng, 3)}"
        return EntryFacts(entry_id=number, is_shop=False, name=name, holder=holder), None
    one = rng.choice(goods)
    name = f"{one.name} {rng.choice(PACKS)}" if number % 4 else _mistyped(rng, one.name)
    holder = one.holder.replace("hop tac xa", "htx").replace("cong ty", "cty")
    tax_code = one.tax_code if number % 3 else ""
    entry = EntryFacts(entry_id=number, is_shop=False, name=name, holder=holder, tax_code=tax_code)
    return entry, one.product_id


def _mistyped(rng: random.Random, name: str) -> str:
    at = rng.randrange(len(name) - 1)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def _words(rng: random.Random, number: int) -> str:
    return " ".join(rng.choice(SYLLABLES) for _ in range(number))


def _timed(call, rounds: int):
    seconds = []
    for _round in range(rounds):
        begun = time.process_time()
        result = call()
        seconds.append(time.process_time() - begun)
    return statistics.median(seconds), result


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--products", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

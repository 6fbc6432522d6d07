"""OCOP awards of the demo: by whom and when, under the law of the day."""

from __future__ import annotations

import datetime as dt
import random
from typing import Final

from core.accounts.demo import MARK
from producers.demo.plan import HOME_CODE, ProductPlan
from producers.enums import EvidenceGrade, PaperKind, PaperStatus
from producers.models import Paper, Product
from producers.services.paper_special import AWARD_MONTHS, plus_months

_PROVINCE_DECIDES_SINCE: Final = dt.date(2025, 7, 6)
_NO_DISTRICTS_SINCE: Final = dt.date(2025, 7, 1)
_HOME_IS_A_CITY_SINCE: Final = dt.date(2026, 9, 1)
_DISTRICTS: Final = (
    "UBND thành phố Hạ Long", "UBND thành phố Cẩm Phả", "UBND thành phố Uông Bí",
    "UBND thành phố Móng Cái", "UBND thành phố Đông Triều", "UBND thị xã Quảng Yên",
    "UBND huyện Vân Đồn", "UBND huyện Tiên Yên", "UBND huyện Bình Liêu", "UBND huyện Ba Chẽ",
    "UBND huyện Đầm Hà", "UBND huyện Hải Hà", "UBND huyện Cô Tô",
)  # fmt: skip
_DISTRICT_OF: Final = {
    "066": 0, "067": 3, "068": 2, "069": 6, "070": 4, "071": 5,
}  # fmt: skip
_NEAR: Final = {
    "06760": 1, "06778": 1, "06781": 1, "06793": 1, "06799": 1, "06838": 8, "06841": 8, "06856": 8,
    "06862": 7, "06874": 7, "06877": 7, "06886": 7, "06895": 10, "06913": 10, "06922": 11,
    "06931": 11, "06946": 11, "06967": 11, "06970": 9, "06979": 9, "06985": 9, "07030": 0,
    "07054": 0, "07060": 0, "07192": 12,
}  # fmt: skip


def award_of(
    product: Product,
    *,
    plan: ProductPlan,
    place: tuple[str, str, str],
    today: dt.date,
    rng: random.Random,
) -> Paper:
    """Return the award of a product: in force today where it has stars, else in its other state.

    Args:
        product: Whose.
        plan: Says stars or state.
        place: Code of province, its name, and code of the commune.
        today: Day of the demo.
        rng: Source of chance.
    """
    stars = plan.stars or rng.choice((3, 3, 3, 4))
    lapsed = not plan.stars and plan.award == PaperStatus.VERIFIED
    decided_on = today - dt.timedelta(days=_age_in_days(rng, lapsed=lapsed))
    return Paper(
        producer_id=product.producer_id,
        product=product,
        kind=PaperKind.OCOP_AWARD,
        number=f"{rng.randint(100, 9999)}/QĐ-UBND/{decided_on.year} {MARK}",
        issuer=authority(decided_on, stars=stars, place=place),
        valid_from=decided_on,
        valid_to=plus_months(decided_on, AWARD_MONTHS),
        stars=stars,
        status=PaperStatus.VERIFIED if plan.stars else plan.award or PaperStatus.SUBMITTED,
        grade=rng.choice((EvidenceGrade.DOCUMENT, EvidenceGrade.REGISTER)),
    )


def authority(day: dt.date, *, stars: int, place: tuple[str, str, str]) -> str:
    """Return who decides on an award of so many stars on a day.

    Source:
        QĐ 148/QĐ-TTg (2023), changed by QĐ 1489/QĐ-TTg from 2025-07-06: three stars moved from
        the district to the province; the districts ended on 2025-07-01.
    """
    code, name, commune_code = place
    if stars == 5:  # the top award is the ministry's
        is_new = day >= dt.date(2025, 3, 1)
        return "Bộ Nông nghiệp và Môi trường" if is_new else "Bộ Nông nghiệp và PTNT"
    if stars == 3 and day < min(_PROVINCE_DECIDES_SINCE, _NO_DISTRICTS_SINCE):
        return _district(commune_code) if code == HOME_CODE else f"UBND cấp huyện, {name}"
    if code == HOME_CODE and day < _HOME_IS_A_CITY_SINCE:
        return f"UBND tỉnh {name}"
    return f"UBND thành phố {name}" if code == HOME_CODE else f"UBND cấp tỉnh, {name}"


def _age_in_days(rng: random.Random, *, lapsed: bool) -> int:
    """Days since the decision; a few of those in force end within 30 and within 90 days."""
    if lapsed:
        return rng.randint(1110, 1300)
    span = rng.choices(((20, 900), (1000, 1050), (1066, 1085)), (86, 9, 5))[0]
    return rng.randint(*span)


def _district(commune_code: str) -> str:
    at = _NEAR.get(commune_code, _DISTRICT_OF.get(commune_code[:3], 0))
    return _DISTRICTS[at]

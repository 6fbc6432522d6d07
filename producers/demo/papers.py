"""Papers of the demo's producers: every kind, in every state, around today."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from core.accounts.demo import MARK, at_hour, drawn
from core.accounts.enums import OrganisationKind
from producers.demo.awards import award_of
from producers.demo.plan import (
    COOPERATIVE_PRODUCT,
    HOME_CODE,
    MAIN_JOB_PRODUCT,
    ProducerPlan,
    ProductPlan,
)
from producers.enums import EvidenceGrade, Market, PaperKind, PaperStatus
from producers.models import Paper, Producer, Product

CODES_DOMESTIC: Final = 20
CODES_EXPORT: Final = 34
CODES_REVOKED: Final = 12
COMMITMENTS: Final = 5
CODES_AREA_HA: Final = Decimal("1049.32")
"""What the press reported of Quảng Ninh: 54 codes of 1,049.32 ha, 7 packing codes, 12 revoked."""
_CAPACITIES_KG: Final = (5_000, 3_000, 12_000, 8_000, 2_500, 20_000, 6_000)
"""What the seven packing houses pack on one day; made up."""
_EXPORT_MARKETS: Final = (
    *([Market.CHINA] * 22),
    *([Market.EU] * 4),
    *([Market.JAPAN] * 3),
    *([Market.KOREA] * 2),
    *([Market.AUSTRALIA] * 2),
    Market.USA,
)
_OLDEST_TEST_DAYS: Final = 540
_GROWN: Final = frozenset({"crop"})
_FOOD: Final = frozenset(
    {"crop", "livestock", "aqua", "seafood", "processed", "tea", "liquor", "herb"}
)
_MADE: Final = frozenset({"seafood", "processed", "tea", "liquor", "herb"})
_ISSUERS: Final = {
    PaperKind.FOOD_SAFETY: "Chi cục Chất lượng, Chế biến và Phát triển thị trường",
    PaperKind.SELF_DECLARATION: "Tự công bố theo NĐ 15/2018/NĐ-CP",
    PaperKind.VIETGAP: f"Tổ chức chứng nhận Đông Bắc {MARK}",
    PaperKind.GLOBALGAP: f"Tổ chức chứng nhận Quốc tế {MARK}",
    PaperKind.ORGANIC: f"Tổ chức chứng nhận Hữu cơ {MARK}",
    PaperKind.HACCP: f"Tổ chức chứng nhận An toàn {MARK}",
    PaperKind.ISO_22000: f"Tổ chức chứng nhận An toàn {MARK}",
    PaperKind.GROWING_AREA_CODE: "Chi cục Trồng trọt và Bảo vệ thực vật",
    PaperKind.PACKING_FACILITY_CODE: "Chi cục Trồng trọt và Bảo vệ thực vật",
    PaperKind.TRACE_LINK: f"Cổng truy xuất {MARK}",
    PaperKind.CNNT: "Sở Công Thương",
    PaperKind.SAFE_COMMITMENT: "UBND cấp xã",
}
_STATES: Final = (
    (PaperStatus.VERIFIED, 82),
    (PaperStatus.SUBMITTED, 8),
    (PaperStatus.RETURNED, 4),
    (PaperStatus.SUSPENDED, 3),
    (PaperStatus.REVOKED, 3),
)
_ENDS: Final = (((100, 760), 80), ((31, 90), 7), ((2, 30), 5), ((-200, -5), 8))
"""Days from today to a verified paper's end, with weights: some end soon, some have ended."""
_REASONS: Final = {
    PaperStatus.RETURNED: (
        "Bản chụp mờ, không đọc được số quyết định. Xin gửi lại.",
        "Tên trên giấy khác tên cơ sở. Xin bổ sung giải trình.",
    ),
    PaperStatus.SUSPENDED: (
        "Chờ kết quả giám sát định kỳ.",
        "Mẫu nước vượt ngưỡng, đang khắc phục.",
    ),
    PaperStatus.REVOKED: (
        "Vùng trồng không duy trì điều kiện.",
        "Cơ sở ngừng hoạt động tại địa chỉ.",
    ),
}


@dataclass(slots=True, kw_only=True)
class Desk:
    """Who decides, on which day, and the running number of papers."""

    today: dt.date
    officer_of: Mapping[int, int]
    number: int


def papers_of(
    made: Sequence[tuple[ProducerPlan, Producer, list[Product]]],
    *,
    desk: Desk,
    rng: random.Random,
) -> list[Paper]:
    """Return the papers of one copy of the world's producers, unsaved."""
    papers: list[Paper] = []
    for plan, producer, products in made:
        own = list(_whole_producer(plan, producer, desk, rng))
        for product_plan, product in zip(plan.products, products, strict=True):
            own += _one_product(plan, product_plan, product, desk, rng)
        papers += [_decided(paper, plan, desk) for paper in own]
    codes = _growing_area_codes(made, desk, rng)
    packing = _packing_codes(made, desk)
    return [*papers, *codes, *packing, *_commitments(made, desk)]


def _whole_producer(
    plan: ProducerPlan, producer: Producer, desk: Desk, rng: random.Random
) -> Iterator[Paper]:
    trade = plan.trade
    chances = {
        PaperKind.FOOD_SAFETY: 0.8 if trade in _FOOD else 0.0,
        PaperKind.VIETGAP: 0.5 if trade in {"crop", "livestock", "aqua"} else 0.0,
        PaperKind.GLOBALGAP: 0.05 if trade in {"crop", "aqua"} else 0.0,
        PaperKind.ORGANIC: 0.08 if trade in {"crop", "tea", "herb"} else 0.0,
        PaperKind.HACCP: 0.3 if trade in {"seafood", "processed", "aqua"} else 0.0,
        PaperKind.ISO_22000: 0.12 if trade in {"seafood", "processed", "tea"} else 0.0,
    }
    for kind, chance in chances.items():
        sure = plan.is_main and kind in {PaperKind.FOOD_SAFETY, PaperKind.VIETGAP}
        if sure or rng.random() < chance:
            yield _paper(kind, producer_id=producer.pk, desk=desk, rng=rng, sure=plan.is_main)


def _one_product(
    plan: ProducerPlan,
    product_plan: ProductPlan,
    product: Product,
    desk: Desk,
    rng: random.Random,
) -> list[Paper]:
    commune = plan.commune.code if plan.commune else ""
    place = (plan.province.code, plan.province.name, commune)
    papers = []
    if product_plan.stars or product_plan.award:
        papers.append(award_of(product, plan=product_plan, place=place, today=desk.today, rng=rng))
    kind = product_plan.good.kind
    chances = {
        PaperKind.SELF_DECLARATION: 0.75 if kind in _MADE else 0.0,
        PaperKind.TRACE_LINK: 0.38 if kind in _FOOD else 0.0,
        PaperKind.CNNT: 0.35 if kind == "craft" else 0.0,
    }
    for paper_kind, chance in chances.items():
        sure = plan.is_main and paper_kind == PaperKind.TRACE_LINK
        if sure or rng.random() < chance:
            paper = _paper(
                paper_kind, producer_id=product.producer_id, desk=desk, rng=rng, sure=sure
            )
            paper.product = product
            papers.append(paper)
    return papers


def _paper(
    kind: PaperKind, *, producer_id: int, desk: Desk, rng: random.Random, sure: bool = False
) -> Paper:
    """Return a paper in a state drawn by lot; verified and good for long where `sure`."""
    status = PaperStatus.VERIFIED if sure else drawn(_STATES, rng)
    span = (200, 760) if sure or status != PaperStatus.VERIFIED else drawn(_ENDS, rng)
    ends_on = desk.today + dt.timedelta(days=rng.randint(*span))
    starts_on = ends_on - dt.timedelta(days=1095 if kind != PaperKind.ORGANIC else 365)
    starts_on = min(starts_on, desk.today - dt.timedelta(days=rng.randint(6, 40)))
    has_no_end = kind in {PaperKind.SELF_DECLARATION, PaperKind.TRACE_LINK} and span[0] > 0
    desk.number += 1
    return Paper(
        producer_id=producer_id,
        kind=kind,
        number=_number(kind, desk.number, starts_on),
        issuer=_ISSUERS[kind],
        valid_from=starts_on,
        valid_to=None if has_no_end else ends_on,
        area_ha=Decimal(rng.randint(20, 900)) / 10 if kind == PaperKind.VIETGAP else None,
        evidence_url=_trace_url(desk.number) if kind == PaperKind.TRACE_LINK else "",
        **_test(kind, desk=desk, starts_on=starts_on),
        status=status,
        grade=rng.choices((EvidenceGrade.DOCUMENT, EvidenceGrade.REGISTER), (7, 3))[0],
    )


def _test(kind: PaperKind, *, desk: Desk, starts_on: dt.date) -> dict[str, Any]:
    """Return the test report of a declaration: of its first day, or repeated since."""
    if kind != PaperKind.SELF_DECLARATION:
        return {}
    repeated_on = desk.today - dt.timedelta(days=20 + desk.number * 37 % _OLDEST_TEST_DAYS)
    first_on = starts_on - dt.timedelta(days=14)
    return {"test_report_on": max(first_on, repeated_on), "test_lab": "Phòng thử nghiệm (mẫu)"}


def _growing_area_codes(
    made: Sequence[tuple[ProducerPlan, Producer, list[Product]]], desk: Desk, rng: random.Random
) -> list[Paper]:
    """Exactly the codes the press reported, spread over what grows in Quảng Ninh."""
    grown = [
        (plan, product)
        for plan, _, products in made
        for one, product in zip(plan.products, products, strict=True)
        if one.good.kind in _GROWN
        and product.name != MAIN_JOB_PRODUCT
        and (plan.is_main or one.good.category.code != "B01-cam")
    ]
    home = [pair for pair in grown if pair[0].province.code == HOME_CODE]
    first = [pair for pair in home if pair[1].name == COOPERATIVE_PRODUCT and pair[0].is_main]
    rest = [pair for pair in home if pair not in first]
    rng.shuffle(rest)
    domestic = [*first, *rest][:CODES_DOMESTIC]
    turn = [rest[at % len(rest)] for at in range(CODES_EXPORT + CODES_REVOKED)]
    markets = [
        *([Market.DOMESTIC] * len(domestic)),
        *_EXPORT_MARKETS,
        *([Market.CHINA] * CODES_REVOKED),
    ]
    areas = _areas(CODES_DOMESTIC + CODES_EXPORT, rng)
    codes = []
    for at, ((plan, product), market) in enumerate(zip([*domestic, *turn], markets, strict=True)):
        is_revoked = at >= CODES_DOMESTIC + CODES_EXPORT
        paper = _code(PaperKind.GROWING_AREA_CODE, product.producer_id, market, desk, rng)
        paper.product = product
        paper.area_ha = Decimal(rng.randint(30, 300)) / 10 if is_revoked else areas[at]
        paper.status = PaperStatus.REVOKED if is_revoked else PaperStatus.VERIFIED
        codes.append(_decided(paper, plan, desk))
    elsewhere = [pair for pair in grown if pair[0].province.code != HOME_CODE]
    for plan, product in elsewhere:
        if rng.random() < 0.5:  # about every second
            market = rng.choice((Market.DOMESTIC, Market.CHINA))
            paper = _code(PaperKind.GROWING_AREA_CODE, product.producer_id, market, desk, rng)
            paper.product, paper.area_ha = product, Decimal(rng.randint(50, 500)) / 10
            codes.append(_decided(paper, plan, desk))
    return codes


def _packing_codes(
    made: Sequence[tuple[ProducerPlan, Producer, list[Product]]], desk: Desk
) -> list[Paper]:
    """Each for what its grower grows most, with a capacity of its own."""
    growers = [
        (plan, products[0])
        for plan, _, products in made
        if plan.province.code == HOME_CODE and plan.trade in _GROWN and not plan.is_main
    ]
    rng = random.Random(len(growers))  # a demo, no secret
    codes = []
    for (plan, product), capacity in zip(growers, _CAPACITIES_KG, strict=False):
        kind = PaperKind.PACKING_FACILITY_CODE
        paper = _code(kind, product.producer_id, Market.CHINA, desk, rng)
        paper.crop, paper.daily_capacity_kg = product.category, Decimal(capacity)
        codes.append(_decided(paper, plan, desk))
    return codes


def _commitments(
    made: Sequence[tuple[ProducerPlan, Producer, list[Product]]], desk: Desk
) -> list[Paper]:
    """Lists of households that cooperatives of the home province keep with their communes."""
    keepers = [
        (plan, producer)
        for plan, producer, _ in made
        if plan.province.code == HOME_CODE
        and plan.commune is not None
        and plan.kind == OrganisationKind.COOPERATIVE
    ]
    rng = random.Random(len(keepers))  # a demo, no secret
    lists = []
    for plan, producer in keepers[:COMMITMENTS]:
        kind = PaperKind.SAFE_COMMITMENT
        paper = _paper(kind, producer_id=producer.pk, desk=desk, rng=rng, sure=True)
        paper.issuer, paper.commune = f"UBND {plan.commune}", plan.commune
        paper.households, paper.grade = rng.randint(18, 160), EvidenceGrade.CLAIM
        lists.append(_decided(paper, plan, desk))
    return lists


def _code(
    kind: PaperKind, producer_id: int, market: Market, desk: Desk, rng: random.Random
) -> Paper:
    paper = _paper(kind, producer_id=producer_id, desk=desk, rng=rng, sure=True)
    paper.market = market
    return paper


def _areas(many: int, rng: random.Random) -> list[Decimal]:
    """Return hectares that add up exactly to what was reported."""
    shares = [rng.uniform(0.4, 2.2) for _ in range(many)]
    scale = float(CODES_AREA_HA) / sum(shares)
    areas = [round(Decimal(str(share * scale)), 2) for share in shares]
    areas[-1] += CODES_AREA_HA - sum(areas, Decimal(0))
    return areas


def _decided(paper: Paper, plan: ProducerPlan, desk: Desk) -> Paper:
    """Add who decided and when, as the state demands."""
    first = min(paper.valid_from, desk.today - dt.timedelta(days=5))
    paper.submitted_at = at_hour(first + dt.timedelta(days=2), 10)
    if paper.status == PaperStatus.SUBMITTED:
        paper.grade = EvidenceGrade.CLAIM
        paper.submitted_at = at_hour(desk.today - dt.timedelta(days=_waiting_days(desk.number)), 10)
        return paper
    paper.decided_at = at_hour(first + dt.timedelta(days=4), 15)
    paper.decided_by_id = desk.officer_of.get(plan.province.pk)
    if paper.status == PaperStatus.VERIFIED and paper.valid_to and paper.valid_to < desk.today:
        paper.status = PaperStatus.EXPIRED
    was_verified = paper.status in {
        PaperStatus.SUSPENDED,
        PaperStatus.REVOKED,
        PaperStatus.EXPIRED,
    }
    paper.version = 3 if was_verified else 2
    reasons = _REASONS.get(PaperStatus(paper.status), ("",))
    paper.status_reason = reasons[desk.number % len(reasons)]
    return paper


def _waiting_days(number: int) -> int:
    """Most came this week; every fourth has waited longer, some beyond the desk's deadline."""
    return 1 + number % 6 if number % 4 else 7 + number % 29


def _number(kind: PaperKind, number: int, starts_on: dt.date) -> str:
    layouts = {
        PaperKind.FOOD_SAFETY: f"{number}/{starts_on.year}/GCNATTP",
        PaperKind.SELF_DECLARATION: f"{number:05d}/TCB/{starts_on.year}",
        PaperKind.GROWING_AREA_CODE: f"VN-MAUOR-{number:06d}",
        PaperKind.PACKING_FACILITY_CODE: f"VN-MAUPH-{number:06d}",
        PaperKind.TRACE_LINK: f"TX-{number:06d}",
    }
    return f"{layouts.get(kind, f'{kind.upper()}-{number:06d}')} {MARK}"


def _trace_url(number: int) -> str:
    return f"https://truyxuat.demo.nhipcau.example/{number:06d}"

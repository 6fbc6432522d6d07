"""The demo world as a whole: loaded in one go, final from the start, and removed in one go."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction

import buyers.demo
import fairs.demo
import producers.demo
from core.accounts import demo as people
from core.accounts.demo import MARK, Business, at_hour, email_of, person_name
from core.accounts.enums import OrganisationKind, OrganisationStatus, Sector
from core.accounts.models import DemoWorld
from core.catalogue.demo import goods
from core.kernel import clock
from core.places.models import AdminUnit
from matchmaking.enums import Channel, DeclineReason, MatchStatus, Side, Verdict
from matchmaking.models import Decision, Match
from matchmaking.services.ranking import begin_anew
from matchmaking.services.refresh import refresh_all
from producers.services import follow_papers

Report = Callable[[str], None]

ORGANISER_EMAIL: Final = email_of("tochuc")
ADMINISTRATOR_EMAIL: Final = email_of("quantri")
AGRICULTURE_OFFICER: Final = "nongnghiep.22"
TRADE_OFFICER: Final = "congthuong.22"
HOME: Final = "22"
OFFICER_PROVINCES: Final = ("22", "31", "24", "20", "33", "01")
_FAIR_PROVINCES: Final = (HOME, "31", "20")
_NUMBERS_PER_COPY: Final = 1000
_FIRST_WAITING: Final = 400
_FIRST_BUYER: Final = 500
_ORGANISER_NUMBER: Final = 990
_WAITING: Final = (
    ("Hợp tác xã Miến dong Hoành Mô mới", "22", OrganisationStatus.SUBMITTED, ""),
    ("Công ty TNHH Hải sản Trà Cổ Xanh", "22", OrganisationStatus.SUBMITTED, ""),
    ("Hợp tác xã Ổi lê Quảng La", "22", OrganisationStatus.SUBMITTED, ""),
    ("Công ty TNHH Dược liệu Kỳ Thượng", "22", OrganisationStatus.SUBMITTED, ""),
    ("Hợp tác xã Vải sớm Thanh Hà", "31", OrganisationStatus.SUBMITTED, ""),
    ("Hợp tác xã Gà đồi Tân Sỏi", "24", OrganisationStatus.SUBMITTED, ""),
    (
        "Hợp tác xã Rau Song Khê",
        "22",
        OrganisationStatus.RETURNED,
        "Tên chưa đúng với đăng ký kinh doanh. Xin sửa rồi gửi lại.",
    ),
    (
        "Công ty TNHH Nước mắm Cửa Đối",
        "22",
        OrganisationStatus.RETURNED,
        "Số điện thoại không liên lạc được.",
    ),
    ("Hợp tác xã Chè Đường Hoa trẻ", "22", OrganisationStatus.DRAFT, ""),
)
_DISPUTED_NUMBER: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Which world is wanted."""

    seed: int
    scale: int
    day: dt.date


def loaded_world() -> DemoWorld | None:
    """Return which demo world is there now."""
    return DemoWorld.objects.order_by("pk").last()


def load(order: Order, *, report: Report) -> None:
    """Load the demo world: rows as they end up, no events, then every match in one pass.

    Each copy is a transaction of its own, and the marker comes last: what a broken load left
    behind is removed by the next one.

    Args:
        order: Which world.
        report: Is told what is done, one line at a time.
    """
    if loaded_world() is None and people.demo_organisation_ids():
        remove()
        report("What a broken load left behind is removed")
    provinces = people.provinces_by_code(order.day)
    communes = people.communes_by_code(order.day)
    with transaction.atomic():
        _create_staff(order, provinces, communes)
    report("Officers, organiser, administrator: done")
    ground = producers.demo.Ground(goods=goods(), communes=communes, provinces=provinces)
    where = buyers.demo.Map(communes=communes, provinces=provinces)
    for copy in range(order.scale):
        with transaction.atomic():
            made = _create_copy(order, copy, ground=ground, where=where)
        words = ", ".join(f"{many} {name}" for name, many in made.items())
        report(f"Copy {copy + 1} of {order.scale}: {words}")
        if (copy + 1).bit_count() == 1:
            _tell_planner()
    report(f"{_create_fairs(order, provinces)} fairs")
    _tell_planner()
    report("Scoring every offer against every request …")
    matches = refresh_all(announce=False)
    with transaction.atomic():
        answered = _answer_some()
        _share_some(order.day)
        _create_lists(order.day, provinces)
        follow_papers(day=order.day, tell=False)
        DemoWorld.objects.create(seed=order.seed, scale=order.scale, day=order.day)
    report(f"{matches} matches proposed, {answered} of them answered")


@transaction.atomic
def remove() -> None:
    """Remove everything the demo world consists of, and nothing else."""
    ids = people.demo_organisation_ids()
    begin_anew()
    for column in ("producer__in", "group__in"):
        _erase(Decision.objects.filter(**{f"match__{column}": ids}))
        _erase(Match.objects.filter(**{column: ids}))
    fairs.demo.remove()
    buyers.demo.remove()
    producers.demo.remove()
    people.remove()
    DemoWorld.objects.all().delete()


def counts() -> dict[str, int]:
    """Return how many rows of each kind the demo world has now."""
    ids = people.demo_organisation_ids()
    matches = Match.objects.filter(producer__in=ids, group__in=ids).count()
    sides = {**producers.demo.counts(), **buyers.demo.counts()}
    return {**sides, **fairs.demo.counts(), "matches": matches}


def logins() -> list[dict[str, str | None]]:
    """Return one account for each role, with all that is needed to sign in as it."""
    return [
        _login("cooperative", producers.demo.COOPERATIVE_EMAIL, "Hợp tác xã"),
        _login("chain", buyers.demo.CHAIN_EMAIL, "Chuỗi bán lẻ"),
        _login("officer", email_of(AGRICULTURE_OFFICER), "Cán bộ nông nghiệp", has_code=True),
        _login("officer_trade", email_of(TRADE_OFFICER), "Cán bộ công thương", has_code=True),
        _login("organiser", ORGANISER_EMAIL, "Đơn vị tổ chức"),
        _login("administrator", ADMINISTRATOR_EMAIL, "Quản trị", has_code=True),
    ]


def _login(role: str, email: str, name: str, *, has_code: bool = False) -> dict[str, str | None]:
    return {
        "role": role,
        "email": email,
        "password": people.PASSWORD,
        "totp_secret": people.TOTP_SECRET if has_code else None,
        "name": name,
        "start_url": "/home/",
    }


def _tell_planner() -> None:
    """Count the rows: tables that were empty before are read from end to end else."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _create_copy(
    order: Order, copy: int, *, ground: producers.demo.Ground, where: buyers.demo.Map
) -> dict[str, int]:
    key = (order.seed, order.day, copy)
    first = copy * _NUMBERS_PER_COPY
    sold = producers.demo.create(
        producers.demo.Setting(
            key=key,
            copy=copy,
            first_number=first + 1,
            today=order.day,
            ground=ground,
            officer_of=people.officers_by_province(Sector.AGRICULTURE),
        )
    )
    bought = buyers.demo.create(
        buyers.demo.Setting(
            key=key, copy=copy, first_number=first + _FIRST_BUYER, today=order.day, where=where
        )
    )
    return sold | bought


def _create_fairs(order: Order, provinces: dict[str, AdminUnit]) -> int:
    """Plan the organiser's fairs, once for all copies."""
    return fairs.demo.load(
        organiser_id=people.organisation_id_of(ORGANISER_EMAIL),
        province_ids=[provinces[code].pk for code in _FAIR_PROVINCES],
        today=order.day,
        rng=random.Random(order.seed),
    )


def _create_staff(
    order: Order, provinces: dict[str, AdminUnit], communes: dict[str, AdminUnit]
) -> None:
    joined_at = at_hour(order.day - dt.timedelta(days=400), 8)
    people.post_officers(
        {
            (code, sector): f"{name}.{code}"
            for code in OFFICER_PROVINCES
            for sector, name in (
                (Sector.TRADE, TRADE_OFFICER.partition(".")[0]),
                (Sector.AGRICULTURE, AGRICULTURE_OFFICER.partition(".")[0]),
            )
        },
        joined_at=joined_at,
    )
    administrators = people.create_people(
        [(ADMINISTRATOR_EMAIL, f"Quản trị viên {MARK}")], joined_at=joined_at, is_staff=True
    )
    people.give_second_factor(administrators)
    organiser = Business(
        number=_ORGANISER_NUMBER,
        kind=OrganisationKind.ORGANISER,
        name=f"Trung tâm Xúc tiến thương mại {MARK}",
        province=provinces[HOME],
        commune=communes["06688"],
        joined_at=joined_at,
        owner_name=person_name(_ORGANISER_NUMBER),
        email=ORGANISER_EMAIL,
        is_organiser=True,
    )
    people.create_businesses([organiser])
    people.create_businesses(_waiting(order.day, provinces, communes))


def _waiting(
    day: dt.date, provinces: dict[str, AdminUnit], communes: dict[str, AdminUnit]
) -> list[Business]:
    """Return what lies on the officers' desks, one of them with a tax code already held."""
    first_of = {unit.parent_id: unit for unit in reversed(communes.values())}
    return [
        Business(
            number=_FIRST_WAITING + at,
            kind=OrganisationKind.COOPERATIVE,
            name=f"{name} {MARK}",
            province=provinces[code],
            commune=first_of[provinces[code].pk],
            joined_at=at_hour(day - dt.timedelta(days=1 + at % 4), 9),
            owner_name=person_name(_FIRST_WAITING + at),
            status=status,
            status_reason=reason,
            is_producer=True,
            disputes=_DISPUTED_NUMBER if at == 1 else None,
        )
        for at, (name, code, status, reason) in enumerate(_WAITING)
    ]


_SHARED_DAYS: Final = 60


def _share_some(day: dt.date) -> None:
    """Let the cooperative share its papers with a fair, and the chain receive some to fetch."""
    until = day + dt.timedelta(days=_SHARED_DAYS)
    main = people.organisation_id_of(producers.demo.COOPERATIVE_EMAIL)
    chain = people.organisation_id_of(buyers.demo.CHAIN_EMAIL)
    known = Match.objects.select_related("offer__product").order_by("offer_id", "request_id")
    agreed = known.filter(group=chain, status=MatchStatus.AGREED).exclude(producer=main)
    with_papers = agreed.filter(producer__papers__document__isnull=False).distinct()
    fairs.demo.apply_and_share(organisation_id=main, until=until)
    match = with_papers.first()
    if match is not None:
        producers.demo.share_all(
            holder_id=match.producer_id,
            receiver_id=match.group_id,
            match_id=match.pk,
            title=match.offer.product.name,
            until=until,
        )


def _create_lists(day: dt.date, provinces: dict[str, AdminUnit]) -> None:
    home = provinces[HOME].pk
    producers.demo.create_lists(
        email=producers.demo.COOPERATIVE_EMAIL,
        province_id=home,
        officer_id=people.officers_by_province(Sector.TRADE).get(home),
        today=day,
    )


_ANSWERS: Final = (
    (11, Verdict.ACCEPTED, Verdict.ACCEPTED),
    (9, Verdict.PENDING, Verdict.DECLINED),
    (7, Verdict.ACCEPTED, Verdict.PENDING),
    (13, Verdict.PENDING, Verdict.ACCEPTED),
)
"""Every so-manieth match is answered so by the producer and by the buyer."""
_READ_AT_MOST: Final = 3000
_REASONS: Final = (
    DeclineReason.PRICE,
    DeclineReason.QUANTITY,
    DeclineReason.KNOWN_PARTNER,
    DeclineReason.DISTANCE,
    DeclineReason.PAPERS,
)


def _answer_some() -> int:
    """Let a share of the matches be answered already, so that every list has something."""
    owners = people.owners_of(people.demo_organisation_ids())
    main = people.organisation_id_of(producers.demo.COOPERATIVE_EMAIL)
    proposed = Match.objects.filter(status=MatchStatus.PROPOSED, producer__in=list(owners))
    fields = ["status", "producer_verdict", "buyer_verdict", "version", "agreed_at"]
    answered: list[Match] = []
    decisions: list[Decision] = []
    matches = proposed.exclude(producer=main).defer("supply", "demand", "pair", "parts")
    first = matches.order_by("offer_id", "request_id")[:_READ_AT_MOST]
    for at, match in enumerate(first, start=1):
        verdicts = next(((a, b) for every, a, b in _ANSWERS if at % every == 0), None)
        if verdicts is None:
            continue
        match.producer_verdict, match.buyer_verdict = verdicts
        _settle(match)
        answered.append(match)
        decisions += _words_on(match, at, owners)
    Match.objects.bulk_update(answered, fields, batch_size=500)
    Decision.objects.bulk_create(decisions, batch_size=500)
    return len(answered)


def _settle(match: Match) -> None:
    match.version += 1
    verdicts = {match.producer_verdict, match.buyer_verdict}
    if verdicts == {Verdict.ACCEPTED}:
        match.status, match.agreed_at = MatchStatus.AGREED, clock.now()
    elif Verdict.DECLINED in verdicts:
        match.status = MatchStatus.DECLINED


def _words_on(match: Match, at: int, owners: dict[int, int]) -> list[Decision]:
    spoken = [
        (Side.PRODUCER, match.producer_verdict, match.producer_id),
        (Side.BUYER, match.buyer_verdict, match.group_id),
    ]
    return [
        Decision(
            match=match,
            side=side,
            verdict=verdict,
            reason=_REASONS[at % len(_REASONS)] if verdict == Verdict.DECLINED else "",
            channel=Channel.PORTAL,
            decided_by_id=owners.get(organisation_id),
        )
        for side, verdict, organisation_id in spoken
        if verdict != Verdict.PENDING
    ]


def _erase(rows: Any) -> None:  # noqa: ANN401 -- a queryset of any model
    """Delete in one statement: what hangs on the rows is gone already."""
    rows._raw_delete(rows.db)  # Django's own way to delete without collecting

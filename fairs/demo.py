"""Two fairs of the demo world: one takes applications, one is planned for next year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random
from typing import Any, Final

from django.apps import apps
from django.db import transaction
from django.db.models import Q

from core.accounts.models import Organisation
from core.accounts.selectors import approved_organisations
from core.kernel import clock, text
from core.vault.enums import PacketCode
from core.vault.selectors import documents_of
from core.vault.services import Consent, share_packet
from fairs.enums import FairKind, FairPhase, ParticipationStatus
from fairs.models import Fair, Participation
from producers import selectors as producers

EXHIBITORS: Final = 40
_PRODUCTS_EACH: Final = 3
_BOOTHS: Final = (1, 1, 1, 1, 1, 2)
_NOTES: Final = (
    "",
    "",
    "Chúng tôi cần một tủ mát và ổ cắm điện.",
    "Muốn gặp các chuỗi siêu thị ở Hà Nội và Hải Phòng.",
)
_REASONS: Final = {
    ParticipationStatus.RETURNED: "Ghi rõ sản phẩm nào có sao OCOP còn hiệu lực.",
    ParticipationStatus.DECLINED: "Số gian hàng cho nhóm hàng này đã hết.",
}


@transaction.atomic
def load(*, organiser_id: int, province_ids: Sequence[int], today: dt.date, rng: Random) -> int:
    """Create the two demo fairs with applications of demo producers; return how many fairs.

    Fairs that stand there already are left alone, so that loading again changes nothing.

    Args:
        organiser_id: An approved demo organiser.
        province_ids: The host province first, then co-hosting ones.
        today: Day the world is built for.
        rng: Seeded by the caller.
    """
    if Fair.objects.filter(organiser=organiser_id).exists():
        return 0
    host, *co_hosts = province_ids
    fairs = Fair.objects.bulk_create(
        [Fair(organiser_id=organiser_id, province_id=host, **v) for v in _fairs(today)]
    )
    through = Fair.co_provinces.through
    through.objects.bulk_create([through(fair_id=fairs[0].pk, adminunit_id=pk) for pk in co_hosts])
    _add_participations(fairs[0], organiser_id=organiser_id, rng=rng)
    return len(fairs)


def apply_and_share(*, organisation_id: int, until: dt.date) -> None:
    """Let an organisation apply to the demo fair that takes applications, and share its papers."""
    fair = Fair.objects.get(organiser__is_demo=True, phase=FairPhase.CALLING)
    place, _is_new = Participation.objects.update_or_create(
        fair=fair,
        organisation_id=organisation_id,
        defaults={"status": ParticipationStatus.SUBMITTED, "reason": "", "decided_at": None},
    )
    place.products.set(_shown(organisation_id))
    consent = Consent(
        packet=PacketCode.FAIR,
        subject_id=place.pk,
        title=f"{fair.name} – {place.organisation.name}",
        holder_id=organisation_id,
        receiver_id=fair.organiser_id,
        document_ids=[one.pk for one in documents_of(organisation_id)],
        until=until,
    )
    share_packet(consent=consent, tell=False)


def remove() -> None:
    """Remove the fairs of demo organisers, demo producers' applications, and their history."""
    fairs = Fair.objects.filter(organiser__is_demo=True)
    places = Participation.objects.filter(Q(fair__in=fairs) | Q(organisation__is_demo=True))
    for name, rows in (("ParticipationRevision", places), ("FairRevision", fairs)):
        ids = list(rows.values_list("pk", flat=True))
        model: Any = apps.get_model("fairs", name)  # pghistory makes it
        rows.delete()
        model.objects.filter(pgh_obj_id__in=ids).delete()


def counts() -> dict[str, int]:
    """Return how many fairs and applications the demo world has now."""
    fairs = Fair.objects.filter(organiser__is_demo=True)
    return {
        "fairs": fairs.count(),
        "fair_applications": Participation.objects.filter(fair__in=fairs).count(),
    }


def _fairs(today: dt.date) -> list[dict[str, Any]]:
    """Return an OCOP fair that takes applications, and a conference still being planned."""
    days = dt.timedelta
    first = today + days(days=95)
    second = today + days(days=210)
    names = (
        f"Hội chợ OCOP Quảng Ninh {first.year} (minh họa)",
        f"Hội nghị kết nối cung – cầu vùng Đông Bắc {second.year} (minh họa)",
    )
    return [
        {
            "kind": FairKind.OCOP_FAIR,
            "name": names[0],
            "name_folded": text.fold(names[0]),
            "about": "Sản phẩm OCOP của Quảng Ninh và các tỉnh bạn gặp gỡ hệ thống bán lẻ.\n"
            "Hội chợ minh họa, không có thật.",
            "venue_name": "Cung Quy hoạch, Hội chợ và Triển lãm tỉnh",
            "opens_on": first,
            "closes_on": first + days(days=5),
            "applications_from": today - days(days=20),
            "applications_to": today + days(days=30),
            "booth_quota": 180,
            "phase": FairPhase.CALLING,
            "announced_at": clock.now() - days(days=20),
            "version": 2,
        },
        {
            "kind": FairKind.SUPPLY_DEMAND_CONFERENCE,
            "name": names[1],
            "name_folded": text.fold(names[1]),
            "about": "Mỗi tỉnh mang danh sách nguồn hàng, mỗi hệ thống nói rõ nhu cầu.\n"
            "Hội nghị minh họa, không có thật.",
            "opens_on": second,
            "closes_on": second + days(days=1),
        },
    ]


def _add_participations(fair: Fair, *, organiser_id: int, rng: Random) -> None:
    """Let demo producers apply: half approved, most others waiting, a few sent back."""
    found = approved_organisations().filter(is_producer=True, is_demo=True)
    pool = list(found.exclude(pk=organiser_id).order_by("pk"))
    sellers = rng.sample(pool, min(EXHIBITORS, len(pool)))
    places = [_place(fair, seller, n, rng=rng) for n, seller in enumerate(sellers)]
    Participation.objects.bulk_create(places)
    through = Participation.products.through
    shown = [
        through(participation_id=place.pk, product_id=product_id)
        for place in places
        for product_id in _shown(place.organisation_id)
    ]
    through.objects.bulk_create(shown)


def _place(fair: Fair, seller: Organisation, number: int, *, rng: Random) -> Participation:
    status = _status(number)
    submitted_at = clock.now() - dt.timedelta(days=rng.randint(2, 18), hours=rng.randint(0, 9))
    booths = rng.choice(_BOOTHS)
    is_approved = status == ParticipationStatus.APPROVED
    is_waiting = status == ParticipationStatus.SUBMITTED
    return Participation(
        fair=fair,
        organisation=seller,
        booths_wanted=booths,
        booths_granted=booths if is_approved else None,
        note=rng.choice(_NOTES),
        status=status,
        reason=_REASONS.get(status, ""),
        submitted_at=submitted_at,
        decided_at=None if is_waiting else submitted_at + dt.timedelta(days=1),
        version=1 if is_waiting else 2,
    )


def _status(number: int) -> ParticipationStatus:
    pattern = (
        *[ParticipationStatus.APPROVED] * 10,
        *[ParticipationStatus.SUBMITTED] * 7,
        *[ParticipationStatus.RETURNED] * 2,
        ParticipationStatus.DECLINED,
    )
    return pattern[number * 7 % len(pattern)]


def _shown(organisation_id: int) -> list[int]:
    products = producers.products_of(organisation_id).values_list("pk", flat=True)
    return list(products[:_PRODUCTS_EACH])

"""A dossier for a chain: what its profile and a request ask for, and what the producer has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from buyers import selectors as buyers
from buyers.selectors import ProfileFacts
from core.accounts.actors import Actor
from core.accounts.models import Organisation
from core.catalogue.enums import Market, PaperKind
from core.kernel import clock
from core.vault.enums import ContentKind, PacketCode
from core.vault.models import PacketShare
from core.vault.packing import Asked, Line, Packet, lines_of
from core.vault.registry import Handing, Place
from core.vault.selectors import documents_of
from matchmaking.enums import MatchStatus
from matchmaking.models import Match
from matchmaking.selectors.matches import with_parties
from producers import selectors as producers

_SHARED_DAYS: Final = 90
_BY_MARKET: Final = frozenset({PaperKind.GROWING_AREA_CODE, PaperKind.PACKING_FACILITY_CODE})
_SHOWN: Final = (MatchStatus.PROPOSED, MatchStatus.AGREED)
_STARS: Final = 3
_AS_DOCUMENTS: Final = {
    "test_report": ContentKind.TEST_REPORT,
    "business_licence": ContentKind.BUSINESS,
}
"""What requirements name as a paper and a holder keeps as a document."""


def match_packet(match: Match) -> Packet:
    """Return the dossier of a match: what the buyer's profile and its request ask for.

    Source:
        The buyer's published profile for this kind of product, where it has one.
    """
    product, request = match.offer.product, match.request
    profile = _profile_of(match)
    asked = [
        *(_asked_of(profile) if profile else ()),
        *_papers(request.required_papers, market=request.market, required=True),
        *_papers(request.preferred_papers, market=request.market, required=False),
        *_stars(request.minimum_stars),
    ]
    buyer, holder = match.group.organisation, match.producer.organisation
    return Packet(
        code=PacketCode.CHAIN,
        subject_id=match.pk,
        title=f"{buyer.name} – {product.name}",
        holder_id=holder.pk,
        holder_name=holder.name,
        as_of=clock.today(),
        receiver_id=buyer.pk,
        receiver_name=buyer.name,
        lines=_lines(asked, holder=holder, product_id=product.pk),
    )


def chain_packet(holder: Organisation, *, product_id: int, profile: ProfileFacts) -> Packet | None:
    """Return the dossier of an own product for one chain; None where the product is gone."""
    found = producers.products_of(holder.pk).filter(pk=product_id).first()
    if found is None:
        return None
    return Packet(
        code=PacketCode.CHAIN,
        subject_id=product_id,
        title=f"{profile.chain_name} – {found.name}",
        holder_id=holder.pk,
        holder_name=holder.name,
        as_of=clock.today(),
        lines=_lines(_asked_of(profile), holder=holder, product_id=product_id),
    )


def profile_named(*, profile_id: int | None, code: str, category_id: int) -> ProfileFacts | None:
    """Return a published profile by its id, or an unverified default by its code and kind."""
    for one in buyers.published_profiles():
        if profile_id is not None and one.profile_id == profile_id:
            return one
        is_default = one.profile_id is None and one.default_code == code
        if profile_id is None and is_default and (one.category_id or 0) == category_id:
            return one
    return None


def shared_until(_match: Match) -> dt.date:
    """Return the last day first offered to a buyer: a season's talks."""
    return clock.today() + dt.timedelta(days=_SHARED_DAYS)


def match_subjects(actor: Actor) -> QuerySet[Match]:
    """Return the matches an actor's own offers stand in, the agreed ones first."""
    own = with_parties().filter(producer=actor.organisation_id or 0, status__in=_SHOWN)
    return own.order_by("status", "-score", "pk")


def match_place(match: Match) -> Place:
    """Return where the dossier of a match is."""
    return Place(
        subject_id=match.pk,
        title=f"{match.group.organisation.name} – {match.offer.product.name}",
        url=reverse("matchmaking:dossier", args=[match.pk]),
        note=str(MatchStatus(match.status).label),
    )


def match_handing(share: PacketShare) -> Handing | None:
    """Return where the buyer of a match fetches its papers; it may once both have accepted.

    A match that was turned down before that opens nothing any more.
    """
    own = with_parties().filter(pk=share.subject_id, group=share.receiver_id)
    match = own.exclude(~Q(status__in=_SHOWN), agreed_at__isnull=True).first()
    if match is None:
        return None
    return Handing(
        url=reverse("matchmaking:match_detail", args=[match.pk]),
        is_open=match.agreed_at is not None,
        packet=lambda: match_packet(match),
    )


def _profile_of(match: Match) -> ProfileFacts | None:
    own = [one for one in buyers.published_profiles() if one.group_id == match.group_id]
    return buyers.best_profile(
        own,
        category_order=match.offer.product.category.order_lo,
        banner_id=match.request.banner_id,
        market=match.request.market,
    )


def _asked_of(profile: ProfileFacts) -> list[Asked]:
    asked = [
        *_papers(profile.required_papers, market=profile.market, required=True),
        *_papers(profile.preferred_papers, market=profile.market, required=False),
        *_stars(profile.minimum_stars),
    ]
    if profile.test_report_months is not None:
        label = _("Test report, at most %(n)d months old") % {"n": profile.test_report_months}
        contents = (ContentKind.TEST_REPORT.value,)
        asked.append(Asked(code="test_report", label=label, is_required=True, contents=contents))
    source = profile.source or _("Said by the chain itself.")
    return [
        Asked(
            code=one.code,
            label=one.label,
            is_required=one.is_required,
            proofs=one.proofs,
            contents=one.contents,
            source=source,
            confidence=profile.confidence,
        )
        for one in asked
    ]


def _papers(kinds: Iterable[str], *, market: str, required: bool) -> list[Asked]:
    found = []
    for kind in kinds:
        if kind == PaperKind.OCOP_AWARD:
            found += _stars(_STARS, required=required)
            continue
        found.append(_paper(kind, market=market, required=required))
    return found


def _paper(kind: str, *, market: str, required: bool) -> Asked:
    if kind in _AS_DOCUMENTS:
        content = _AS_DOCUMENTS[kind]
        return Asked(
            code=content.value, label=str(content.label), is_required=required,
            contents=(content.value,),
        )  # fmt: skip
    label = str(PaperKind(kind).label) if kind in PaperKind.values else kind.upper()
    if kind not in _BY_MARKET:
        return Asked(code=kind, label=label, is_required=required, proofs=(kind,))
    key, label = f"{kind}:{market}", f"{label} ({Market(market).label})"
    return Asked(code=key, label=label, is_required=required, proofs=(key,))


def _stars(least: int, *, required: bool = True) -> list[Asked]:
    if not least:
        return []
    label = _("OCOP award, at least %(n)d stars") % {"n": least}
    key = f"stars_{least}"
    return [Asked(code=key, label=label, is_required=required, proofs=(key,))]


def _lines(asked: Iterable[Asked], *, holder: Organisation, product_id: int) -> tuple[Line, ...]:
    """Return each line once, as strictly as anybody asks for it, and what always goes along."""
    once: dict[str, Asked] = {}
    for one in [_business(), *asked]:
        if one.code not in once or (one.is_required and not once[one.code].is_required):
            once[one.code] = one
    products = producers.products_of(holder.pk).filter(pk=product_id)
    return lines_of(
        [*once.values(), _others()],
        proofs=producers.proofs_of(holder.pk, products=products),
        documents=documents_of(holder.pk),
    )


def _business() -> Asked:
    contents = (ContentKind.BUSINESS.value,)
    label = str(ContentKind.BUSINESS.label)
    return Asked(code="business", label=label, is_required=True, contents=contents)


def _others() -> Asked:
    contents = (ContentKind.LABEL, ContentKind.PHOTO, ContentKind.STORY, ContentKind.STANDARD)
    return Asked(
        code="others",
        label=_("Label, photos and story"),
        is_required=False,
        contents=tuple(one.value for one in contents),
    )

"""Gaps, and what closing them opens, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from buyers.selectors import ProfileFacts
from core.catalogue.enums import Market, PaperKind
from core.kernel import clock
from core.kernel.quantity import Dimension
from core.web.templatetags.nhipcau import day, number, quantity_about
from matchmaking.engine import readiness
from matchmaking.engine.records import PAPER_SLOTS
from matchmaking.selectors import Cell, EffortFacts, Readiness, demand_of, effort_of, efforts
from matchmaking.selectors import opened_by as opened_by_closing
from matchmaking.wording.words import base_unit

KG_PER_TONNE: Final = 1000
VND_PER_MILLION: Final = 1_000_000
VND_PER_BILLION: Final = 1_000_000_000
NAMED_AT_ONCE: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class GapLine:
    """One thing to do: what is missing, who issues it, how long it takes, what it opens."""

    code: str
    name: str
    state: str
    action: str
    action_url: str
    effort: EffortFacts
    days: int
    after: str
    chains: tuple[str, ...]
    demand: str
    """Demand of the requests that closing this gap alone opens."""
    lost: tuple[str, ...] = ()
    """Buyers that declined, or whose match was suspended, where this may have been missing."""
    is_next: bool = False
    """Whether it belongs to what is best closed first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """What to close first: the papers, the days, the chains and the demand it opens."""

    codes: tuple[str, ...]
    papers: tuple[str, ...]
    days: int
    chains: tuple[str, ...]
    demand: str


def chain_name(cell: Cell) -> str:
    """Return a chain's name, with banner, channel and market where it means one of them."""
    chain = cell.chain
    parts = [chain.banner_name or chain.name]
    if chain.channel:
        parts.append(str(channel_label(chain.channel)).lower())
    if chain.market != Market.DOMESTIC:
        parts.append(str(Market(chain.market).label))
    return " · ".join(parts)


def chain_names(cells: Iterable[Cell]) -> tuple[str, ...]:
    """Return chains by the name over the door, each once whatever the channel."""
    return tuple(dict.fromkeys(cell.chain.banner_name or cell.chain.name for cell in cells))


def channel_label(channel: str) -> str:
    """Return the channel's name; every channel where none is meant."""
    names = {
        "store": _("Single store"),
        "regional": _("Stores of a region"),
        "via_vendor": _("Through a vendor of the chain"),
        "national": _("The whole network"),
        "export": _("Export"),
    }
    return names.get(channel, _("Every channel"))


def gap_name(code: str, *, profile: ProfileFacts | None = None) -> str:
    """Return what is missing, with the figure asked for where the profile is given."""
    if code.startswith("stars_"):
        return _("%(stars)s OCOP stars") % {"stars": code.removeprefix("stars_")}
    if code == "test_report" and profile and profile.test_report_months:
        return _("Test report of the last %(months)s months") % {
            "months": profile.test_report_months
        }
    if code == "capacity" and profile and profile.weekly_capacity_kg:
        return _("%(amount)s each week") % {
            "amount": quantity_about(profile.weekly_capacity_kg, "kg")
        }
    return _other_name(code)


def _other_name(code: str) -> str:
    names = {
        "invoice": _("Invoices"),
        "barcode": _("Barcode (GTIN)"),
        "capacity": _("Enough each week"),
        "test_report": _("Recent test report"),
    }
    kind, _colon, market = code.partition(":")
    name = names.get(kind) or (str(PaperKind(kind).label) if kind in PaperKind.values else kind)
    if not market or market not in Market.values:
        return name
    return _("%(paper)s for %(market)s") % {"paper": name, "market": Market(market).label}


def gap_names(mask: int, *, profile: ProfileFacts | None = None) -> list[str]:
    """Return missing things by name, least effort first."""
    codes = readiness.in_order(mask, efforts=efforts())
    return [gap_name(code, profile=profile) for code in codes]


def amounts(found: Mapping[str, float]) -> str:
    """Return quantities of several dimensions, tonnes from one on; empty where there are none."""
    return " + ".join(_amount(one, found[one]) for one in found if found[one] > 0)


def _amount(dimension: str, quantity: float) -> str:
    if dimension == Dimension.MASS and quantity >= KG_PER_TONNE:
        return quantity_about(round(quantity / KG_PER_TONNE, 1), _("tonne"))
    return quantity_about(quantity, base_unit(dimension))


def gap_lines(
    found: Readiness,
    *,
    papers: Mapping[str, Any] | None = None,
    lost: Mapping[str, int] | None = None,
) -> list[GapLine]:
    """Return everything missing at some chain, what to close first first, then by effort.

    Args:
        found: The product.
        papers: Its holder's papers that do not count, by kind.
        lost: What may have been missing, as bits, by the buyer who declined for papers.
    """
    chosen = [cell for cell in found.cells if cell.gaps]
    mask = reduce(or_, (cell.gaps for cell in chosen), 0)
    mask |= reduce(or_, (lost or {}).values(), 0)
    codes = readiness.in_order(mask, efforts=efforts())
    lines = [
        _line(code, found, codes=codes, cells=chosen, papers=papers or {}, lost=lost or {})
        for code in codes
    ]
    first = headline(found)
    named = dict(zip(first.codes, first.papers, strict=True)) if first else {}
    marked = [
        replace(one, is_next=one.code in named, name=named.get(one.code, one.name)) for one in lines
    ]
    return sorted(marked, key=lambda one: not one.is_next)


def headline(found: Readiness) -> Headline | None:
    """Return what to close first; None where nothing is missing."""
    bundle = found.bundle
    if bundle is None:
        return None
    cells = [found.cells[at] for at in bundle.opens]
    codes = readiness.in_order(bundle.gaps, efforts=efforts())
    wanted = [one for cell in cells for one in cell.wanted if one.request_id in bundle.request_ids]
    return Headline(
        codes=codes,
        papers=tuple(
            gap_name(code, profile=_strictest(code, _lacking(code, cells))) for code in codes
        ),
        days=max(_days_of(code, found) for code in codes),
        chains=chain_names(cells),
        demand=amounts(demand_of(wanted)),
    )


def _days_of(code: str, found: Readiness) -> int:
    """Return the days of a gap with what comes before it, lacking at whichever chain."""
    missing = readiness.codes_of(reduce(or_, (cell.gaps for cell in found.cells), 0))
    return readiness.days_until_closed(code, among=missing, efforts=efforts())


def headline_sentence(line: Headline) -> str:
    """Return the headline in one sentence."""
    many = {"many": len(line.codes)}
    if all(is_paper(code) for code in line.codes):
        things = ngettext("%(many)s paper", "%(many)s papers", len(line.codes)) % many
    else:
        things = ngettext("%(many)s step", "%(many)s steps", len(line.codes)) % many
    facts = {
        "things": things,
        "days": in_days(line.days),
        "chains": in_one_breath(line.chains),
        "demand": line.demand,
    }
    if line.demand:
        return (
            _("%(things)s, about %(days)s: opens %(chains)s, demand for %(demand)s this season.")
            % facts
        )
    return _("%(things)s, about %(days)s: opens %(chains)s.") % facts


def in_days(days: int) -> str:
    """Return a number of days in words."""
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}


def is_paper(code: str) -> bool:
    """Tell whether a gap is a paper, not something the producer sets up or says itself."""
    return code.startswith("stars_") or code in PAPER_SLOTS


def in_one_breath(names: Sequence[str]) -> str:
    """Return two names, or two and how many more there are."""
    if len(names) > NAMED_AT_ONCE + 1:
        facts = {"names": ", ".join(names[:NAMED_AT_ONCE]), "many": len(names) - NAMED_AT_ONCE}
        return _("%(names)s and %(many)s more") % facts
    if len(names) > 1:
        facts = {"names": ", ".join(names[:-1]), "last": names[-1]}
        return _("%(names)s and %(last)s") % facts
    return "".join(names)


def about_vnd(value: float) -> str:
    """Return a large sum in millions or billions of đồng; empty where there is none."""
    if value >= VND_PER_BILLION:
        return _("%(n)s billion đồng") % {"n": number(round(value / VND_PER_BILLION, 1))}
    if value > 0:
        return _("%(n)s million đồng") % {"n": number(max(round(value / VND_PER_MILLION), 1))}
    return ""


def cost(effort: EffortFacts) -> str:
    """Return the typical cost."""
    if not effort.cost_high_vnd:
        return _("no fee")
    low, high = (
        number(round(one / VND_PER_MILLION, 1))
        for one in (effort.cost_low_vnd, effort.cost_high_vnd)
    )
    if not effort.cost_low_vnd:
        return _("up to %(high)s million đồng") % {"high": high}
    return _("%(low)s–%(high)s million đồng") % {"low": low, "high": high}


def terms(profile: ProfileFacts) -> list[tuple[str, str]]:
    """Return the commercial terms of a profile that are known, as label and value."""
    found = [
        (_("Payment"), profile.payment_days, _("after %(n)s days")),
        (_("Discount"), profile.discount_percent, "%(n)s %%"),
        (_("Shelf life left on arrival"), profile.shelf_life_left_percent, "%(n)s %%"),
        (_("Cost of opening"), profile.opening_cost_vnd, "%(n)s ₫"),
    ]
    lines = [
        (label, words % {"n": number(value)}) for label, value, words in found if value is not None
    ]
    if profile.is_consignment is not None:
        lines.append((_("On consignment"), _("Yes") if profile.is_consignment else _("No")))
    return lines


def _line(
    code: str,
    found: Readiness,
    *,
    codes: tuple[str, ...],
    cells: list[Cell],
    papers: Mapping[str, Any],
    lost: Mapping[str, int],
) -> GapLine:
    bit = readiness.BIT_OF[code]
    effort = effort_of(code)
    asking = _lacking(code, cells)
    kind = paper_kind(code)
    state, action, url = _next(code, found, papers.get(kind))
    before = effort.after if effort.after in codes else ""
    return GapLine(
        code=code,
        name=gap_name(code, profile=_strictest(code, asking)),
        state=state,
        action=action,
        action_url=url,
        effort=effort,
        days=readiness.days_until_closed(code, among=codes, efforts=efforts()),
        after=_other_name(before) if before and not before.startswith("stars") else "",
        chains=chain_names(asking),
        demand=amounts(demand_of(opened_by_closing(found, closing=bit, cells=asking))),
        lost=tuple(name for name, mask in lost.items() if mask & bit),
    )


def paper_kind(code: str) -> str:
    """Return the kind of paper that closes a gap; a declaration comes with its test report."""
    if code.startswith("stars_"):
        return PaperKind.OCOP_AWARD.value
    kind = code.partition(":")[0]
    return kind if kind in PaperKind.values else PaperKind.SELF_DECLARATION.value


def _lacking(code: str, cells: Iterable[Cell]) -> list[Cell]:
    return [cell for cell in cells if cell.gaps & readiness.BIT_OF[code]]


def _strictest(code: str, cells: list[Cell]) -> ProfileFacts | None:
    """Return the profile that asks for most of this."""
    profiles = [cell.profile for cell in cells]
    if code == "capacity":
        return max(profiles, key=lambda one: one.weekly_capacity_kg or 0, default=None)
    return min(profiles, key=lambda one: one.test_report_months or 999, default=None)


def _next(code: str, found: Readiness, paper: Any) -> tuple[str, str, str]:  # noqa: ANN401 -- a paper of the other app
    """Return how the thing stands, and the one action that comes next."""
    other = {
        "invoice": (
            _("Your profile does not say that you issue invoices."),
            _("Open your profile"),
            "producers:profile",
        ),
        "capacity": (
            _("Your open offers do not show this much a week."),
            _("Go to your offers"),
            "producers:offer_list",
        ),
    }
    if code in other:
        state, action, route = other[code]
        return state, action, reverse(route)
    if code == "barcode":
        url = reverse("producers:product_edit", args=[found.item.product_id])
        return _("The product has no barcode."), _("Add the barcode"), url
    if paper is None:
        create = _form_url(code, found.item.product_id)
        return _("You have not handed it in."), _("Hand it in"), create
    return _paper_state(paper), *_paper_action(paper, code, found.item.product_id)


def _form_url(code: str, product_id: int, *, of: str = "") -> str:
    """Return the form of a paper with kind, product and market chosen; it leads back here."""
    asked = {"next": reverse("matchmaking:readiness_product", args=[product_id])}
    if not of:
        asked |= {"kind": paper_kind(code), "product": str(product_id)}
        asked |= {"market": market} if (market := code.partition(":")[2]) else {}
    return f"{of or reverse('producers:paper_create')}?{urlencode(asked)}"


def _paper_state(paper: Any) -> str:  # noqa: ANN401 -- as above
    words = {
        "submitted": _("Handed in on %(day)s; an officer is looking at it.")
        % {"day": day(paper.submitted_at)},
        "returned": _("Returned to you: %(reason)s") % {"reason": paper.status_reason or "–"},
        "suspended": _("Suspended: %(reason)s") % {"reason": paper.status_reason or "–"},
        "revoked": _("Revoked: %(reason)s") % {"reason": paper.status_reason or "–"},
    }
    if paper.valid_to is None or paper.valid_to >= clock.today():
        return words.get(paper.status) or _("What you have is not enough, or too old.")
    ended = _("Ran out on %(day)s.") % {"day": day(paper.valid_to)}
    return words.get(paper.status) or ended


def _paper_action(paper: Any, code: str, product_id: int) -> tuple[str, str]:  # noqa: ANN401 -- as above
    if paper.status == "returned":
        edit = reverse("producers:paper_edit", args=[paper.pk])
        return _("Mend and hand in again"), _form_url(code, product_id, of=edit)
    if paper.status in {"submitted", "suspended"}:
        return _("See your papers"), reverse("producers:paper_list")
    return _("Hand in a new one"), _form_url(code, product_id)

"""What a buyer misses, in words: what it may name, what it named, and who issues that."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from matchmaking.selectors import Nameable, effort_of
from matchmaking.wording.readiness import gap_name, in_days


def named_papers(codes: Iterable[str]) -> list[str]:
    """Return what a buyer named as missing, in its order."""
    return [gap_name(code) for code in codes]


def paper_lines(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Return missing things by name with who issues each and how long it usually takes."""
    line = _("%(issuer)s, about %(days)s")
    efforts = {code: effort_of(code) for code in codes}
    return [
        (gap_name(code), line % {"issuer": one.issuer, "days": in_days(one.days)})
        for code, one in efforts.items()
    ]


def paper_choices(found: Nameable) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what a buyer may name, in two groups: what it asks for, and everything else."""
    groups = [(_("You ask for these"), found.asked), (_("Other papers"), found.others)]
    return [(name, [(code, gap_name(code)) for code in codes]) for name, codes in groups if codes]

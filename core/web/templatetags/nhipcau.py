"""Filters and tags of every page: numbers, money, days, icons, bars; built in, no load needed."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, Protocol

from django import template
from django.templatetags.static import static
from django.utils import numberformat, timezone
from django.utils.formats import get_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from core.web.tones import TONE_ICONS, StatusLook, status_look, tone_of

register = template.Library()


class HasTemplate(Protocol):
    """A panel of the role home, seen from here as the path of its template."""

    @property
    def template(self) -> str:
        """Path of the template."""


Number = int | float | Decimal
NO_BREAK: Final = "\N{NO-BREAK SPACE}"
UNKNOWN: Final = "–"
_SHOWN_DIGITS_OF_TAX_CODE: Final = 3
_SPOKEN_DIGITS: Final = 4
# An English noun of three letters or more, perhaps with a size behind it: booth 3 m × 3 m.
_COUNTED: Final = re.compile(r"(?P<noun>[a-z]{3,}(?: (?!of )[a-z]+)*)(?P<size>(?: (?:\d|of ).*)?)")
_WITHOUT_PLURAL: Final = {"head", "dozen"}


def _written(value: Number, decimals: int | None) -> str:
    return numberformat.format(
        value,
        decimal_sep=get_format("DECIMAL_SEPARATOR"),
        decimal_pos=decimals,
        grouping=3,
        thousand_sep=get_format("THOUSAND_SEPARATOR"),
        force_grouping=True,
    )


def _number_or_none(value: object) -> Number | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return value if math.isfinite(value) else None


def _half_up(value: Decimal, decimals: int) -> Decimal:
    """Round as people do: 38.85 to one decimal is 38.9."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _trimmed(value: Number, most_decimals: int) -> str:
    """Write with at most `most_decimals` decimals and no trailing zeros."""
    rounded = round(Decimal(str(value)), most_decimals)
    plain = format(rounded, "f")
    decimals = len(plain.partition(".")[2].rstrip("0"))
    return _written(rounded, decimals)


@register.filter
def number(value: object, decimals: int | None = None) -> str:
    """Group the digits as the reader's language does: 1.234.567,89 or 1,234,567.89."""
    amount = _number_or_none(value)
    if amount is None:
        return UNKNOWN
    if decimals is None:
        return _trimmed(amount, 2)
    return _written(_half_up(Decimal(str(amount)), int(decimals)), int(decimals))


@register.filter
def vnd(value: object) -> str:
    """Whole đồng: 95.000 ₫. The space does not break."""
    amount = _number_or_none(value)
    return UNKNOWN if amount is None else f"{_written(round(amount), 0)}{NO_BREAK}₫"


@register.filter
def vnd_per(value: object, unit: object) -> str:
    """Price of one unit: 95.000 ₫/kg."""
    amount = _number_or_none(value)
    return UNKNOWN if amount is None else f"{vnd(amount)}/{unit}"


@register.filter
def quantity(value: object, unit: object = "") -> str:
    """Quantity with its unit, at most three decimals: 1.234,5 kg."""
    amount = _number_or_none(value)
    if amount is None:
        return UNKNOWN
    return _measured(_trimmed(amount, 3), amount, unit)


@register.filter
def quantity_about(value: object, unit: object = "") -> str:
    """Computed quantity, as precise as anybody would say it: 13.210 kg, 4,75 kg."""
    amount = _number_or_none(value)
    if amount is None:
        return UNKNOWN
    whole_digits = len(str(abs(int(amount))))
    written = _trimmed(amount, max(0, _SPOKEN_DIGITS - whole_digits))
    return _measured(written, amount, unit)


def _measured(written: str, amount: Number, unit: object) -> str:
    if not unit:
        return written
    is_several = amount > 1 and (get_language() or "").startswith("en")
    return f"{written}{NO_BREAK}{_several(str(unit)) if is_several else unit}"


def _several(unit: str) -> str:
    """English plural of a unit: bottles, pieces (fruit, egg); kg, head and tạ have none."""
    name, gap, rest = unit.partition(" (")
    counted = _COUNTED.fullmatch(name)
    if counted is None or counted["noun"] in _WITHOUT_PLURAL:
        return unit
    ending = "es" if counted["noun"].endswith(("ch", "x")) else "s"
    return f"{counted['noun']}{ending}{counted['size']}{gap}{rest}"


@register.filter
def percent(value: object, decimals: int = 0) -> str:
    """Share in [0, 1] as percent: 0.734 is 73%."""
    share = _number_or_none(value)
    if share is None:
        return UNKNOWN
    exact = Decimal(str(share)) * 100
    return f"{_written(_half_up(exact, int(decimals)), int(decimals))}%"


@register.filter
def day(value: object) -> str:
    """Day as d/m/Y in both languages: 21/11/2026. Times are taken in Việt Nam."""
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else UNKNOWN


@register.filter
def moment(value: object) -> str:
    """Day and minute in Việt Nam: 21/11/2026 14:05."""
    if not isinstance(value, datetime):
        return day(value)
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local:%d/%m/%Y}{NO_BREAK}{local:%H:%M}"


@register.filter
def day_range(start: object, end: object) -> str:
    """Two days with a dash: 21/11/2026–30/11/2026; one day when they are the same."""
    first, last = day(start), day(end)
    return first if first == last else f"{first}–{last}"


@register.filter
def hours(value: object) -> str:
    """Hours in words with at most one decimal: 3,5 giờ."""
    amount = _number_or_none(value)
    if amount is None:
        return UNKNOWN
    written = _trimmed(amount, 1)
    return ngettext("%(hours)s hour", "%(hours)s hours", math.ceil(amount)) % {"hours": written}


@register.filter
def masked_tax_code(value: object) -> str:
    """Tax code with all but its last three digits hidden, read aloud as "ending in 567"."""
    digits = "".join(c for c in str(value or "") if c.isdigit())
    if len(digits) <= _SHOWN_DIGITS_OF_TAX_CODE:
        return UNKNOWN
    tail = digits[-_SHOWN_DIGITS_OF_TAX_CODE:]
    hidden = "•" * (len(digits) - _SHOWN_DIGITS_OF_TAX_CODE)
    return format_html(
        '<span class="nc-number" aria-hidden="true">{}{}</span>'
        '<span class="visually-hidden">{}</span>',
        hidden,
        tail,
        _("ending in %(digits)s") % {"digits": " ".join(tail)},
    )


@register.filter
def initials(user: object) -> str:
    """Two letters for a person: first and last word of the name, else of the e-mail."""
    name = str(getattr(user, "full_name", "") or getattr(user, "email", "") or "?")
    words = [word for word in name.split() if word[0].isalpha()] or [name]
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return letters.upper()


@register.filter
def at(items: Any, position: int) -> Any:
    """Item of a list by position; "" beyond its end."""
    return items[position] if 0 <= position < len(items) else ""


@register.filter
def tone(word: object) -> str:
    """Tone of a message level or a status: ok, wait, info, stop or still."""
    return tone_of(str(word).split()[-1] if word else "")


@register.filter
def tone_icon(word: object) -> str:
    """Icon that belongs to the tone of a message level or a status."""
    return TONE_ICONS[tone(word)]


@register.filter(name="look")
def look(status: object) -> StatusLook:
    """How a status is shown (tone, icon, word)."""
    return status_look(str(status))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """One icon of the sprite; decoration unless `label` says what it means."""
    address = f"{static('icons/sprite.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="nc-icon" role="img" aria-label="{}"><use href="{}"></use></svg>',
            label,
            address,
        )
    return format_html(
        '<svg class="nc-icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>',
        address,
    )


@register.simple_tag
def score_bar(share: Any, label: str = "") -> SafeString:
    """Bar of a share in [0, 1]; hatched when the share is not known. Its number stands beside it.

    Args:
        share: Number in [0, 1], or None for "not known", which is not zero.
        label: What is measured, for screen readers; empty hides the bar from them.
    """
    known = _number_or_none(share)
    spoken = _("not known") if known is None else percent(known)
    role = format_html('role="img" aria-label="{}: {}"', label, spoken) if label else None
    name = role or SafeString('aria-hidden="true"')
    if known is None:
        return format_html('<svg class="nc-bar nc-bar-unknown" {}></svg>', name)
    width = f"{min(max(float(known), 0.0), 1.0) * 100:.1f}%"
    weak = " nc-bar-weak" if float(known) < 0.5 else ""  # noqa: PLR2004 -- half of the bar
    return format_html(
        '<svg class="nc-bar{}" {}><rect width="{}" height="100%"></rect></svg>', weak, name, width
    )


@register.simple_tag(takes_context=True)
def render_panel(
    context: template.Context, panel: HasTemplate, values: dict[str, Any]
) -> SafeString:
    """One panel of the role home, rendered inside the page's own context."""
    inside = template.Engine.get_default().get_template(panel.template)
    with context.push(**values):
        return SafeString(inside.render(context))

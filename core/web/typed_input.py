"""The line a quantity, an amount or a day is typed in, and what stands below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from django import forms
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

_SUFFIX: Final = "__reading"


class TypedText(str):
    """What was typed, and the reading that was chosen for it."""

    __slots__ = ("reading",)
    reading: str

    @classmethod
    def with_reading(cls, typed: str, reading: str) -> TypedText:
        """Return the text with its reading."""
        made = cls(typed)
        made.reading = reading
        return made


@dataclass(frozen=True, slots=True)
class Option:
    """One reading as a choice: the text that stands for it and what it comes to."""

    text: str
    means: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page says beside a typed text: what was understood, or the options to choose from."""

    understood: str = ""
    options: tuple[Option, ...] = ()


def below(shown: Shown, *, name: str, element_id: str) -> dict[str, object]:
    """Return what the template below a typed line needs."""
    return {"shown": shown, "name": f"{name}{_SUFFIX}", "id": element_id, "chosen": ""}


class TypedInput(forms.TextInput):
    """A line of text; below it what was understood, or the readings to choose from."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.show: Callable[[object], Shown] | None = None

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """Return what was typed and which reading was chosen."""
        typed = super().value_from_datadict(cast("Any", data), files, name)
        if not isinstance(typed, str):
            return typed
        return TypedText.with_reading(typed, str(data.get(f"{name}{_SUFFIX}") or ""))

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Return the input and what stands below it."""
        box = super().render(name, value, attrs, renderer)
        shown = self.show(value) if self.show and isinstance(value, str) else Shown()
        element_id = (attrs or {}).get("id") or f"id_{name}"
        context = below(shown, name=name, element_id=element_id)
        context["chosen"] = getattr(value, "reading", "")
        said = render_to_string("components/typed_reading.html", context)
        return format_html('{}<div class="nc-typed" aria-live="polite">{}</div>', box, said)

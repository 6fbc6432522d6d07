"""Reads the forms of a page and fills them in as somebody well-meaning would."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from html.parser import HTMLParser

from core.kernel import clock

UNTYPED = {"csrfmiddlewaretoken", "website"}
FREE = {"text", "search", "tel", "email", "url", "textarea", "date", "number", "hidden", "password"}


@dataclass
class Field:
    """One input of a form: what it is and what stands in it."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)

    @property
    def is_free(self) -> bool:
        return self.kind in FREE


@dataclass
class Form:
    """One form of a page."""

    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def filled(self) -> dict[str, list[str]]:
        """Return values for all fields; empty ones get something that may be meant."""
        return {one.name: _filled(one) for one in self.fields.values() if one.name not in UNTYPED}


class Reader(HTMLParser):
    """Collects the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select: Field | None = None
        self._area: Field | None = None

    def handle_starttag(self, tag, attrs):
        said = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._form = Form(said.get("action", ""), said.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "button" and said.get("name"):
            self._form.buttons.append((said["name"], said.get("value", "")))
        elif tag == "option" and self._select is not None:
            self._select.choices.append(said.get("value", ""))
            if "selected" in said:
                self._select.values.append(said.get("value", ""))
        elif said.get("name") and tag in {"input", "select", "textarea"}:
            self._field(tag, said)

    def _field(self, tag, said):
        kind = said.get("type", "text") if tag == "input" else tag
        one = self._form.fields.setdefault(said["name"], Field(said["name"], kind))
        if tag == "select":
            self._select = one
        elif tag == "textarea":
            self._area = one
            one.values = [""]
        elif kind in {"checkbox", "radio"}:
            one.choices.append(said.get("value", "on"))
            if "checked" in said:
                one.values.append(said.get("value", "on"))
        else:
            one.values = [said.get("value", "")]

    def handle_data(self, data):
        if self._area is not None:
            self._area.values = [(self._area.values[0] + data).lstrip("\n")]

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None


def forms_of(page: str) -> list[Form]:
    """Return the forms of a page."""
    reader = Reader()
    reader.feed(page)
    return reader.forms


def _filled(one: Field) -> list[str]:
    if any(one.values) or one.kind == "file":
        return one.values
    if one.choices:
        return [next((choice for choice in one.choices if choice), one.choices[0])]
    for part, value in _MEANT.items():
        if part in one.name:
            return [value() if callable(value) else value]
    return {"date": [_day(20)], "number": ["5"], "email": ["moi@vidu.example"]}.get(
        one.kind, ["Thử"]
    )


def _day(days: int) -> str:
    return (clock.today() + dt.timedelta(days=days)).isoformat()


_MEANT = {
    "tax_code": "0100109106", "phone": "0912 345 678", "email": "moi@vidu.example",
    "password": "cau noi san xuat 2027", "quantity": "5", "price": "95.000", "booth": "1",
    "pack_size": "", "pack_unit": "", "weekly": "", "minimum": "", "gtin": "", "_url": "",
    "website": "", "area": "2", "days": "30", "households": "12", "applications_from": "",
    "applications_to": "", "lines": "Cửa hàng 1; Hà Nội", "done_on": lambda: _day(0),
    "opens_on": lambda: _day(40), "closes_on": lambda: _day(43),
    "_from": lambda: _day(1), "_to": lambda: _day(20),
}  # fmt: skip

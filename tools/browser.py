"""A browser without JavaScript: cookies, redirects, links and forms, from the standard library."""

from __future__ import annotations

import http.cookiejar
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from tools.failure import Failure

Fields = list[tuple[str, str]]


@dataclass(slots=True)
class Form:
    """A form with the values it would send untouched."""

    action: str
    method: str
    fields: Fields = field(default_factory=list)
    choices: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    buttons: Fields = field(default_factory=list)

    def names(self) -> set[str]:
        """Names of everything one can fill in or press."""
        return {name for name, _ in self.fields + self.buttons} | set(self.choices)


@dataclass(slots=True)
class Page:
    """An answer, read."""

    status: int
    url: str
    text: str
    forms: list[Form]
    links: list[tuple[str, str]]

    def form_with(self, *names: str) -> Form:
        """The first form that has all these fields or buttons.

        Raises:
            Failure: There is none.
        """
        for form in self.forms:
            if set(names) <= form.names():
                return form
        raise Failure(f"The page {self.url} ({self.status}) has no form with {', '.join(names)}.")

    def form_to(self, fragment: str) -> Form:
        """The first form whose action contains ``fragment``.

        Raises:
            Failure: There is none.
        """
        for form in self.forms:
            if fragment in form.action:
                return form
        raise Failure(f"The page {self.url} ({self.status}) has no form to {fragment}.")


class Browser:
    """One person's session."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
            urllib.request.ProxyHandler({}),
        )

    def get(self, path: str) -> Page:
        """Open a page; ``path`` may be a whole address of this portal."""
        return self._open(urllib.request.Request(self._address(path)))  # noqa: S310 -- our own portal

    def submit(
        self, page: Page, form: Form, values: Mapping[str, str | list[str]], *, press: str = ""
    ) -> Page:
        """Send ``form`` with ``values`` over what it held; ``press`` is ``name`` of a button.

        Raises:
            Failure: The portal answered with an error.
        """
        kept = [(name, value) for name, value in form.fields if name not in values]
        given = [
            (name, value)
            for name, either in values.items()
            for value in ([either] if isinstance(either, str) else either)
        ]
        pressed = [button for button in form.buttons if button[0] == press][:1] if press else []
        data = urllib.parse.urlencode(kept + given + pressed)
        address = urllib.parse.urljoin(page.url, form.action or page.url)
        if form.method == "get":
            return self.get(f"{address.partition('?')[0]}?{data}")
        request = urllib.request.Request(address, data=data.encode())  # noqa: S310 -- as above
        request.add_header("Referer", page.url)
        answer = self._open(request)
        if answer.status >= 400:  # noqa: PLR2004 -- HTTP errors
            raise Failure(f"Sending the form of {page.url} was answered with {answer.status}.")
        return answer

    def _address(self, path: str) -> str:
        return urllib.parse.urljoin(self.base_url, path)

    def _open(self, request: urllib.request.Request) -> Page:
        request.add_header("Accept-Language", "en")
        try:
            with self._opener.open(request, timeout=30) as answer:
                return _read(answer.status, answer.url, answer.read())
        except urllib.error.HTTPError as error:
            return _read(error.code, error.url or request.full_url, error.read())


def _read(status: int, url: str, body: bytes) -> Page:
    reader = _Reader()
    text = body.decode("utf-8", "replace")
    reader.feed(text)
    return Page(status, url, text, reader.forms, reader.links)


class _Reader(HTMLParser):
    """Collects forms as a browser would send them, and links with their words."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self._form: Form | None = None
        self._select: tuple[str, bool] | None = None
        self._text: list[str] | None = None
        self._pending: tuple[str, str, bool] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(values.get("action", ""), values.get("method", "get").lower())
            self.forms.append(self._form)
        elif tag == "a" and "href" in values:
            self.links.append((values["href"], ""))
            self._text = []
        elif self._form is not None and "disabled" not in values:
            self._read_control(self._form, tag, values)

    def _read_control(self, form: Form, tag: str, values: dict[str, str]) -> None:
        name = values.get("name", "")
        if tag == "option" and self._select is not None:
            self._end_option()
            self._text = []
            self._pending = (self._select[0], values.get("value", ""), "selected" in values)
        elif not name:
            return
        elif tag == "input":
            self._read_input(form, name, values)
        elif tag == "button" and values.get("type", "submit") == "submit":
            form.buttons.append((name, values.get("value", "")))
        elif tag == "select":
            self._select = (name, "multiple" in values)
            form.choices.setdefault(name, [])
        elif tag == "textarea":
            self._text, self._pending = [], (name, "", True)

    def _read_input(self, form: Form, name: str, values: dict[str, str]) -> None:
        kind, value = values.get("type", "text"), values.get("value", "")
        if kind in {"checkbox", "radio"}:
            form.choices.setdefault(name, []).append((value or "on", ""))
            if "checked" in values:
                form.fields.append((name, value or "on"))
        elif kind == "submit":
            form.buttons.append((name, value))
        elif kind not in {"file", "button", "reset", "image"}:
            form.fields.append((name, value))

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "a" and self._text is not None and self.links:
            self.links[-1] = (self.links[-1][0], " ".join("".join(self._text).split()))
            self._text = None
        elif tag == "option":
            self._end_option()
        elif tag == "select":
            self._end_select()
        elif tag == "textarea" and self._pending is not None and self._form is not None:
            self._form.fields.append((self._pending[0], "".join(self._text or []).lstrip("\n")))
            self._pending = self._text = None

    def _end_option(self) -> None:
        if self._pending is None or self._form is None or self._select is None:
            return
        name, value, selected = self._pending
        self._form.choices[name].append((value, " ".join("".join(self._text or []).split())))
        if selected:
            self._form.fields.append((name, value))
        self._pending = self._text = None

    def _end_select(self) -> None:
        self._end_option()
        if self._form is not None and self._select is not None:
            name, several = self._select
            offered = self._form.choices[name]
            chosen = {field_name for field_name, _ in self._form.fields}
            if not several and offered and name not in chosen:
                self._form.fields.append((name, offered[0][0]))
        self._select = None

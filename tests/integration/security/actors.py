"""Who asks in these tests, what is planted where, and every address of ours."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from http.cookies import SimpleCookie

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

WRITES = ("INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE")

# Stands in public names: no page may show it but escaped, or work out the sum.
MARKUP = "<script>alert(1)</script>{{7*7}}"


@dataclass
class Marks:
    """Strings planted in the private rows of one owner, each of them once."""

    owner: str
    planted: dict[str, str] = field(default_factory=dict)

    def __call__(self, where: str) -> str:
        number = len(self.planted)
        self.planted[where] = f"Zq{self.owner}{number:02d}{'kmnp'[number % 4]}w"
        return self.planted[where]

    def phone(self, last: int) -> str:
        """Plant a phone number in the ways it may be written, and return it."""
        national = f"0912 555 {last:03d}"
        self.planted["contact phone, spaced"] = f"555 {last:03d}"
        self.planted["contact phone, plain"] = f"12555{last:03d}"
        return "+84" + national.replace(" ", "")[1:]


@dataclass
class Actor:
    """Somebody who asks: by a browser's cookies, or by an API key."""

    name: str
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


def read_whole(streamed) -> HttpResponse:
    """Return an answer that is written while it is sent as one that can be looked into."""
    content = b"".join(streamed.streaming_content)
    return HttpResponse(content, status=streamed.status_code, headers=dict(streamed.headers))


@dataclass
class World:
    """Everything by name: `actors` ask, `at` holds what they ask for."""

    actors: dict[str, Actor]
    marks: dict[str, Marks]
    at: dict[str, object]
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def ask(self, actor: Actor, method: str, path: str, data=None, **more):
        """Send one request as somebody; what it changes in the database stays."""
        self.client.cookies = SimpleCookie(actor.cookies)
        headers = actor.headers | more.pop("headers", {})
        response = self.client.generic(method, path, data or b"", headers=headers, **more)
        return read_whole(response) if response.streaming else response

    def try_out(self, actor: Actor, method: str, path: str, data=None, **more):
        """Send one request, undo it, and return the answer with the tables it wrote to."""
        written: list[str] = []

        def watch(execute, sql, params, many, context):
            words = sql.split(None, 3)
            if words and words[0].upper() in WRITES:
                written.append(" ".join(words[:3]))
            return execute(sql, params, many, context)

        with transaction.atomic(), connection.execute_wrapper(watch):
            response = self.ask(actor, method, path, data, **more)
            transaction.set_rollback(True)
        return response, [w for w in written if "django_session" not in w]


@functools.cache
def routes() -> dict[str, str]:
    """Return every address of ours as name → pattern, without admin and allauth's own."""
    return dict(_walk(get_resolver().url_patterns, prefix="", namespace=""))


def _walk(patterns, *, prefix: str, namespace: str):
    for one in patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            if one.namespace == "admin":
                continue
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from _walk(one.url_patterns, prefix=route, namespace=inner)
        elif isinstance(one, URLPattern) and not one.callback.__module__.startswith("allauth."):
            yield f"{namespace}{one.name}", route

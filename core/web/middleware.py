"""What happens around every request: health, context, language, actor, hostile input, errors."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pghistory
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from core.accounts import actors
from core.kernel import context
from core.kernel.errors import DomainError, NotAllowedError
from core.web import health
from core.web.actor import actor_of

GetResponse = Callable[[HttpRequest], HttpResponse]


class HealthMiddleware:
    """Answers /healthz and /readyz before host checks, sessions and redirects."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a probe, or pass on."""
        if request.path == "/healthz":
            return JsonResponse({"alive": True})
        if request.path == "/readyz":
            state = health.readiness()
            return JsonResponse(state.to_json(), status=200 if state.ready else 503)
        return self.get_response(request)


class ContextMiddleware:
    """Gives each request a correlation id that its events, duties, mails and logs will carry."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Run the request inside its own context."""
        correlation_id = uuid.uuid4()
        with context.scope(context.Context(correlation_id=correlation_id)):
            response = self.get_response(request)
        response["X-Correlation-ID"] = str(correlation_id)
        return response


class HostileInputMiddleware:
    """Refuses what no person types and PostgreSQL cannot hold: NUL in a path or a query."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 400 where a NUL stands in the address."""
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest("The address contains a character that cannot be meant.")
        return self.get_response(request)


class LanguageMiddleware:
    """Vietnamese unless the visitor chose otherwise: cookie, then account, never the browser.

    Django's own middleware follows Accept-Language, which on many phones sold in Việt Nam is
    English although the reader is not.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Activate the language for the time of the request."""
        known = {code for code, _name in settings.LANGUAGES}
        wishes = (
            request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""),
            getattr(request.user, "language", ""),
        )
        language = next((wish for wish in wishes if wish in known), settings.LANGUAGE_CODE)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class ActorMiddleware:
    """Works out who acts and for whom, and lets history and events know."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set `request.actor`, then run the view inside a context that names the actor."""
        actor = actor_of(request) if request.user.is_authenticated else actors.ANONYMOUS
        request.actor = actor  # type: ignore[attr-defined]  # -- read through core.web.actor.acting
        if actor.user_id is None:
            return self.get_response(request)
        here = context.current()
        named = context.Context(actor_id=actor.user_id, correlation_id=here.correlation_id)
        with (
            context.scope(named),
            pghistory.context(actor=actor.user_id, correlation=str(here.correlation_id)),
        ):
            return self.get_response(request)


class DomainErrorMiddleware:
    """Turns a rule's "no" that no form caught into a page that says what to do next."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; errors arrive through `process_exception`."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a DomainError with 403 or 409; leave everything else alone."""
        if not isinstance(error, DomainError):
            return None
        status = 403 if isinstance(error, NotAllowedError) else 409
        messages.error(request, str(error))
        return render(
            request,
            "web/refused.html",
            {"title": _("This could not be done"), "reason": str(error)},
            status=status,
        )

"""Errors of the API as problem+json (RFC 9457), made in this one place."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core.kernel.errors import DomainError, InvalidInputError, NotAllowedError

CONTENT_TYPE = "application/problem+json"


def problem_response(error: Exception, _context: dict[str, Any]) -> Response | None:
    """Turn what a view raised into a problem; None lets Django answer 500 and log it."""
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, exceptions.APIException):
        response = _from_api_exception(error)
    elif isinstance(error, DomainError):
        response = _from_domain_error(error)
    else:
        return None
    set_rollback()
    return response


def problem(
    status: int, detail: str, *, errors: object = None, headers: dict[str, str] | None = None
) -> Response:
    """Build a problem response.

    Args:
        status: HTTP status.
        detail: One sentence that says what to do next.
        errors: Field-level messages, where fields are at fault.
        headers: Further headers, such as Retry-After.
    """
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = errors
    return Response(body, status=status, headers=headers, content_type=CONTENT_TYPE)


def _from_api_exception(error: exceptions.APIException) -> Response:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(challenge)
    if wait_seconds := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait_seconds) + 1)
    if isinstance(error, exceptions.ValidationError):
        return problem(
            error.status_code,
            "Some fields need another look.",
            errors=error.detail,
            headers=headers,
        )
    return problem(error.status_code, str(error.detail), headers=headers)


def _from_domain_error(error: DomainError) -> Response:
    if isinstance(error, InvalidInputError):
        return problem(HTTPStatus.BAD_REQUEST, str(error), errors=error.field_errors)
    if isinstance(error, NotAllowedError):
        return problem(HTTPStatus.FORBIDDEN, str(error))
    return problem(HTTPStatus.CONFLICT, str(error))

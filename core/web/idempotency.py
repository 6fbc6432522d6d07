"""`Idempotency-Key`: a repeated POST gets the first one's answer and changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

import orjson
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.models import IdempotencyKey
from core.web.actor import acting
from core.web.exceptions import problem
from core.web.renderers import plain

MAX_KEY_LENGTH = 200
Handler = Callable[..., Response]


def idempotent(handler: Handler) -> Handler:
    """Make a POST handler repeatable: key row and effect commit together.

    The same key with another body is 422; while the first call still runs, the second waits for
    the row's lock and then finds the answer.
    """

    @wraps(handler)
    def guarded(view: Any, request: Request, *args: object, **kwargs: object) -> Response:
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return handler(view, request, *args, **kwargs)
        if len(key) > MAX_KEY_LENGTH or not key.isprintable():
            return problem(
                HTTPStatus.BAD_REQUEST, "Idempotency-Key: at most 200 printable characters."
            )
        digest = _digest(request)
        try:
            with transaction.atomic():
                return _first_or_repeated(
                    lambda: handler(view, request, *args, **kwargs), request, key, digest
                )
        except IntegrityError as error:
            if "idempotency_key_once" not in str(error):
                raise
            return _repeated(request, key, digest)

    return guarded


def _first_or_repeated(
    call: Callable[[], Response], request: Request, key: str, digest: str
) -> Response:
    known = IdempotencyKey.objects.filter(owner=_owner(request), key=key).first()
    if known is not None:
        return _answer(known, digest)
    row = IdempotencyKey.objects.create(owner=_owner(request), key=key, request_sha256=digest)
    response = call()
    row.status_code, row.body = (
        response.status_code,
        orjson.loads(orjson.dumps(response.data, default=plain)),
    )
    row.save(update_fields=["status_code", "body"])
    return response


def _repeated(request: Request, key: str, digest: str) -> Response:
    known = IdempotencyKey.objects.filter(owner=_owner(request), key=key).first()
    if known is None:
        return problem(HTTPStatus.CONFLICT, "The first call with this key failed; send it again.")
    return _answer(known, digest)


def _answer(known: IdempotencyKey, digest: str) -> Response:
    if known.request_sha256 != digest:
        return problem(
            HTTPStatus.UNPROCESSABLE_ENTITY, "This Idempotency-Key was used with another body."
        )
    return Response(known.body, status=known.status_code, headers={"Idempotent-Replayed": "true"})


def _owner(request: Request) -> str:
    actor = acting(request._request)  # DRF wraps the request
    return f"org:{actor.organisation_id}" if actor.organisation_id else f"user:{actor.user_id}"


def _digest(request: Request) -> str:
    body = orjson.dumps(request.data, default=_of_file, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(f"{request.method} {request.path} ".encode() + body).hexdigest()


def _of_file(value: object) -> object:
    """Return what tells one uploaded file from another, and leave it at its beginning.

    Raises:
        TypeError: It is no file.
    """
    if not isinstance(value, UploadedFile):
        raise TypeError(f"{type(value).__name__} has no digest.")
    digest = hashlib.sha256()
    for piece in value.chunks():
        digest.update(piece)
    value.seek(0)
    return [value.name, digest.hexdigest()]

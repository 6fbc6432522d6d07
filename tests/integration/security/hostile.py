"""Inputs that must not hurt, by family, written with escapes so that each can be seen."""

from __future__ import annotations

# Family → what is typed into one field.
TYPED: dict[str, list[str]] = {
    "too much": ["x" * 3_000, "a\u0301" * 2_000, "\u0958" * 200, "'<a<'" * 2_000],
    "markup": [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>",
        '"><a href="javascript:alert(1)">', "[x](javascript:alert(1))", "evil.example/login",
    ],
    "template": ["{{7*7}}", "{% debug %}", "${7*7}", "%s%n", "{0.__class__}"],
    "invisible": ["\u200b", "\u00a0\u00a0", "Ca\u0301 \u200bthu", "a\ufeffb", "\u2028x\u2029"],
    "controls": ["a\x00b", "a\x07b", "a\x1b[31m", "a\x0b\x0cb", "x\r\nBcc: a@b.vn"],
    "direction": ["\u202etxt.exe", "C\u043eng ty", "\u2066a\u2069"],
    "marks": ["a" + "\u0301" * 40, "ð", "ho\u00e0", "h\u00f2a"],
    "emoji": ["👩\u200d👩\u200d👧\u200d👦", "🇻🇳" * 3, "🍊" * 201],
    "words": ["null", "undefined", "None", "-", ".", "..", "CON", "admin", "NaN", "Infinity"],
    "cells": ["=cmd|' /C calc'!A0", "+1", "-2+3", "@SUM(A1)", "\t=1", "\uff1d1+1"],
    "numbers": [
        "\uff11\uff12", "\u0663", "1_000", "1.0", "1.000,5", "1,000.5", "-1", "0", "1e400",
        "1e9", "9" * 40, "9" * 5_000, "0x10", "\u00b2", "1000000000000", "2147483648",
        "9223372036854775808",
    ],
    "days": [
        "0001-01-01", "9999-12-31", "2026-13-01", "1970-01-01", "2099-12-31", "31/02/2026", "0",
        "2026-11-21T00:00:00+14:00", "today",
    ],
    "addresses": [
        "a@localhost", "a@[127.0.0.1]", "x" * 65 + "@vidu.example", "a@\u0430pple.com",
        "a+tag@vidu.example", "A@VIDU.EXAMPLE", 'Công ty "A", <ceo@bank.vn>',
    ],
    "links": [
        "javascript:alert(1)", "//evil.example", "/%09/evil", "/\\\\evil", "https:evil",
        "http://127.0.0.1", "https://x.vn@127.0.0.1/", "file:///etc/passwd",
    ],
    "tax codes": ["0100109106-001", "010 010 9106", "0100109107", "\uff10100109106", "1" * 13],
    "query": ["'; DROP TABLE x; --", "owner__password", "meta__x;drop", "%", "_", "\\", "*"],
}  # fmt: skip
# Bodies that are no JSON object of ours.
RAW: dict[str, bytes] = {
    "nested lists": b"[" * 100_000,
    "nested objects": b'{"a":' * 3_000 + b"1" + b"}" * 3_000,
    "nul in a key": b'{"a\\u0000": 1}',
    "lone surrogate": b'{"note": "\\ud800"}',
    "not a number": b'{"quantity": NaN}',
    "infinity": b'{"quantity": Infinity}',
    "beyond floats": b'{"quantity": 1e400}',
    "null": b"null",
    "string": b'"x"',
    "list": b"[]",
    "list of lists": b"[[1]]",
    "number": b"7",
    "empty object": b"{}",
    "nothing": b"",
    "half": b'{"a": ',
    "bytes": b"\xff\xfe\x00",
    "utf-16": '{"a": 1}'.encode("utf-16"),
    "5 MB in one string": b'{"note": "' + b"x" * 5_000_000 + b'"}',
    "not asked for": b'{"id": 1, "is_staff": true, "owner": 2, "status": "approved", "score": 1}',
}
# Values of any type for one key of a good body.
JSON_VALUES: list[object] = [
    None, "", [], {}, [[]], {"a": 1}, True, False, 0, -1, 1.5, 10**30, -(10**30), 1e308, "1e400",
    "NaN", "Infinity", "-0", "0001-01-01", "9999-12-31", "2026-13-01", "x" * 3_000, "a\x07b",
    "\u200b", "Ca\u0301", "\u202ex", "<script>alert(1)</script>", "\uff11\uff12", ["x"] * 1_000,
    "\u0958" * 200, "\u0958" * 1_000,
]  # fmt: skip
ALL_TYPED: list[tuple[str, str]] = [
    (family, value) for family, values in TYPED.items() for value in values
]

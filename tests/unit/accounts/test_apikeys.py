"""Secrets of API keys."""

from __future__ import annotations

import pytest

from core.accounts import apikeys


def test_a_made_key_is_recognised_by_its_hash_alone():
    made = apikeys.make()
    prefix, secret = apikeys.split(made.token)
    assert prefix == made.prefix
    assert apikeys.matches(secret, secret_sha256=made.secret_sha256)
    assert secret not in made.secret_sha256


def test_another_secret_does_not_match():
    made, other = apikeys.make(), apikeys.make()
    _prefix, secret = apikeys.split(other.token)
    assert not apikeys.matches(secret, secret_sha256=made.secret_sha256)


def test_keys_differ_and_never_show_in_a_repr():
    made = apikeys.make()
    assert made.token != apikeys.make().token
    assert made.token not in repr(made)


def test_a_secret_with_underscores_is_read_whole():
    assert apikeys.split("nc_abcd1234_a_b-c_d") == ("abcd1234", "a_b-c_d")


@pytest.mark.parametrize(
    "token",
    ["", "nc_", "nc__", "nc_abcd1234_", "xx_abcd1234_s", "nc_abc_s", "nc_abcd123é_s",
     "nc_abcd1234_" + "x" * 200, "null", "nc_abcd12%4_s"],
)  # fmt: skip
def test_what_cannot_be_a_key_is_not_looked_up(token):
    assert apikeys.split(token) is None

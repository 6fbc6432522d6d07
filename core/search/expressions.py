"""How text is compared in the database: folded there, cut into words, kept in an index."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    BooleanField,
    F,
    FloatField,
    Func,
    TextField,
    Value,
)


class Folded(Func):
    """`core.kernel.text.fold` in SQL, for columns that keep no folded copy beside them."""

    function = "fold"
    template = (
        "TRIM(REGEXP_REPLACE(LOWER(REGEXP_REPLACE(NORMALIZE(TRANSLATE(%(expressions)s, 'đĐ', 'dd'),"
        " NFD), '[\u0300-\u036f]+', '', 'g')), '[^0-9a-z]+', ' ', 'g'))"
    )
    output_field = TextField()


class FoldedWords(Func):
    """The words of a folded column; a GIN index on this finds whole words and near misses."""

    template = "STRING_TO_ARRAY(%(expressions)s, ' ')"
    output_field = ArrayField(TextField())


class Joined(Func):
    """Several columns as one text; what is empty leaves nothing behind."""

    template = "CONCAT_WS(' ', %(expressions)s)"
    output_field = TextField()


class Padded(Func):
    """A folded text with a space before and behind, so that words have edges."""

    template = "(' ' || %(expressions)s || ' ')"
    output_field = TextField()


class Among(Func):
    """Whether a key is one of many, as one parameter instead of a thousand."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY ("
    output_field = BooleanField()


class PlaceAmong(Func):
    """Where in a list of keys a key stands, from one on."""

    function = "ARRAY_POSITION"
    output_field = BigIntegerField()


class NewestFirst(Func):
    """The key as a number no index orders by, so that words are looked up before rows are read.

    Walking the key's index until enough rows fit is quick for a common word, and reads the whole
    table for two common words that rarely meet; the planner cannot tell the two apart.
    """

    template = "(%(expressions)s + 0)"
    output_field = BigIntegerField()


class Nearness(Func):
    """How near a folded text comes to the words typed, in [0, 1]."""

    function = "STRICT_WORD_SIMILARITY"
    output_field = FloatField()


def keys_value(keys: list[int]) -> Value:
    """Return keys as one array parameter."""
    return Value(keys, output_field=ArrayField(BigIntegerField()))


def one_text(columns: tuple[str | Func, ...]) -> F | Func:
    """Return columns as one expression."""
    parts = [F(one) if isinstance(one, str) else one for one in columns]
    return parts[0] if len(parts) == 1 else Joined(*parts)

"""Finding the rows that fit words, best first, with few and bounded queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Final, TypeVar, overload

from django.db import connections
from django.db.models import Case, F, Func, IntegerField, Model, Q, QuerySet, Value, When
from django.db.models.expressions import OrderBy
from django.db.models.functions import Lower

from core.search.expressions import (
    Among,
    FoldedWords,
    Nearness,
    NewestFirst,
    Padded,
    PlaceAmong,
    keys_value,
    one_text,
)
from core.search.limits import time_limit
from core.search.query import (
    Query,
    kept_parts,
    near_misses,
    near_pattern,
    read_query,
    split_readings,
)

MOST_FOUND: Final = 1_000
ENOUGH: Final = 20
"""So many hits on whole words make parts of words superfluous."""
TOO_FEW: Final = 5
"""With fewer hits than this, typing errors are considered."""
_MOST_NEAR: Final = 200
_LAST_EXACT: Final = 1
# Not \m and \M: what a letter is to them depends on the locale of the database.
_SIGNS: Final = "[] ,.;:(){}\"“”‘’'/+&!?*–—-]"
_EDGE: Final = f"(^|{_SIGNS})"
_END: Final = f"({_SIGNS}|$)"
_SAMPLE_ROWS: Final = 1_000
_MOST_WINDOW: Final = 60_000
_LARGE_ROWS: Final = 100_000
_INDEXED_LETTERS: Final = 3
M = TypeVar("M", bound=Model)
Columns = str | Func | Sequence[str | Func]


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """Where the words are looked for.

    Attributes:
        folded: The folded column with a GIN index on `FoldedWords`; or several columns, read as
            one text, for lists that are bounded otherwise: by an owner, a desk, a fair.
        exact: The same columns as people wrote them.
        codes: Columns with codes (tax code, barcode, number of a paper), compared as a whole.
    """

    folded: tuple[str | Func, ...]
    exact: tuple[str | Func, ...]
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The keys of the rows that fit, best first.

    Attributes:
        keys: At most a thousand.
        is_capped: Whether there are more.
        is_near: Whether nothing fits as it was typed, and these come closest.
    """

    keys: tuple[int, ...]
    is_capped: bool
    is_near: bool


def matching(
    queryset: QuerySet[M], *, text: str, folded: Columns, exact: Columns, codes: Sequence[str] = ()
) -> QuerySet[M]:
    """Return the rows of `queryset` that fit a search text, best first.

    Accents as typed come before others, the words side by side before the words apart, whole
    words before parts, and what is one typing error away last; newest first among equals. Apply
    every other filter before: at most the thousand best rows come out.

    Raises:
        SearchTooSlowError: A query took longer than the limit.
    """
    where = Searched(folded=columns_of(folded), exact=columns_of(exact), codes=tuple(codes))
    return rows_of(queryset, search(queryset, text=text, where=where))


def find(
    queryset: QuerySet[M], *, text: str, folded: Columns, exact: Columns, codes: Sequence[str] = ()
) -> Hits[M]:
    """Return what `matching` does, for a paginator: pages are read by key, nothing is counted.

    Raises:
        SearchTooSlowError: A query took longer than the limit.
    """
    where = Searched(folded=columns_of(folded), exact=columns_of(exact), codes=tuple(codes))
    return Hits(queryset, search(queryset, text=text, where=where))


class Hits(Sequence[M]):
    """Found rows for a paginator: each page reads its own rows by key, and nothing is counted."""

    def __init__(self, queryset: QuerySet[M], found: Found) -> None:
        self.queryset, self.found = queryset, found

    def __len__(self) -> int:
        return len(self.found.keys)

    def count(self) -> int:  # type: ignore[override]  # -- what Django's paginator asks for
        """Return how many there are, at most a thousand."""
        return len(self)

    @overload
    def __getitem__(self, asked: int) -> M: ...
    @overload
    def __getitem__(self, asked: slice) -> list[M]: ...
    def __getitem__(self, asked: int | slice) -> M | list[M]:
        """Return a page of rows, best first, or one row."""
        if isinstance(asked, int):
            return self[asked : asked + 1][0]
        part = Found(keys=self.found.keys[asked], is_capped=False, is_near=False)
        return list(rows_of(self.queryset, part))


def rows_of(queryset: QuerySet[M], found: Found) -> QuerySet[M]:
    """Return the found rows of `queryset` in their order, numbered as `search_place`."""
    if not found.keys:
        return queryset.none()
    keys = keys_value(list(found.keys))
    placed: QuerySet[Any] = queryset.annotate(search_place=PlaceAmong(keys, F("pk")))
    kept: QuerySet[M] = placed.filter(Among("pk", keys)).order_by("search_place")
    return kept


def search(queryset: QuerySet[M], *, text: str, where: Searched) -> Found:
    """Return the keys of the rows that fit, best first; see `matching`.

    Raises:
        SearchTooSlowError: A query took longer than the limit.
    """
    query = read_query(text)
    if query.says_nothing:
        return Found(keys=(), is_capped=False, is_near=False)
    with time_limit(using=queryset.db):
        return _Search(queryset.order_by(), query, where).run()


class _Search:
    """One search under way: each step adds what the steps before did not find."""

    def __init__(self, rows: QuerySet[Any], query: Query, where: Searched) -> None:
        self.query, self.where = query, where
        self.folded = one_text(where.folded)
        self.rows = rows.alias(
            search_words=FoldedWords(self.folded),
            search_text=self.folded,
            search_padded=Padded(self.folded),
            search_exact=Lower(one_text(where.exact)),
            search_newest=NewestFirst("pk"),
        )
        self.keys: dict[int, None] = {}

    def run(self) -> Found:
        """Take the steps until there is enough."""
        if self.query.codes and self.where.codes:
            self._add(self.rows.filter(self._is_code()))
        if not self.keys:
            self._find_words()
        as_typed = len(self.keys)
        if as_typed < TOO_FEW and self.query.words:
            self._find_near()
        most = MOST_FOUND if as_typed else _MOST_NEAR
        return Found(
            keys=tuple(self.keys)[:most],
            is_capped=len(self.keys) > most,
            is_near=not as_typed and bool(self.keys),
        )

    def _find_words(self) -> None:
        words = self.query.words
        if not words:
            self._add(self.rows.filter(search_exact__contains=self.query.spellings[0]))
            return
        whole = [Q(search_padded__contains=f" {word} ") for word in words]
        self._find_ranked(Q(search_words__contains=list(words)), by_row=Q(*whole))
        if len(self.keys) < ENOUGH:
            parts = [Q(search_padded__contains=_part(word)) for word in words]
            self._find_ranked(Q(*map(_begins, words)), by_row=Q(*parts))

    def _find_ranked(self, fits: Q, *, by_row: Q) -> None:
        """Add what fits by rank; `by_row` says the same in a way that no index can answer.

        Ranking every row that says "cá" reads a twentieth of the table. Where the newest rows
        have more of them than anybody leafs through, those are ranked alone.
        """
        hits = self._newest(_SAMPLE_ROWS).filter(by_row).count()
        window = _SAMPLE_ROWS * MOST_FOUND * 3 // (2 * max(hits, 1))
        if window <= _MOST_WINDOW and self._find_newest(window, by_row):
            return
        self._add(self.rows.filter(fits), self._rank())

    def _find_newest(self, window: int, by_row: Q) -> bool:
        """Add what fits among the newest rows, if that is enough of the best."""
        rank = self._rank()
        rows = self._newest(window).filter(by_row).order_by(rank, "-search_newest")
        found = list(rows.values_list("pk", rank)[: MOST_FOUND + 1])
        exact_hits = sum(place <= _LAST_EXACT for _pk, place in found[:ENOUGH])
        if len(found) <= MOST_FOUND or (self.query.has_accents and exact_hits < ENOUGH):
            return False
        self.keys |= dict.fromkeys(pk for pk, _place in found)
        return True

    def _newest(self, count: int) -> QuerySet[Any]:
        """Return the rows among the newest `count` of the whole table."""
        table: QuerySet[Any] = QuerySet(self.rows.model, using=self.rows.db).order_by("-pk")
        last = table.values_list("pk", flat=True)[count : count + 1].first()
        newest: QuerySet[Any] = self.rows if last is None else self.rows.filter(pk__gt=last)
        return newest

    def _find_near(self) -> None:
        """Add rows with one space or letter wrong; failing that, rows that look similar."""
        nearest = Nearness(Value(self.query.phrase), self.folded).desc()
        self._add(self.rows.filter(_any(self._respaced())), most=_MOST_NEAR)
        for mistyped in self._mistyped():
            self._add(self.rows.filter(*mistyped), nearest, most=_MOST_NEAR)
        if not self.keys and len(self.query.phrase) > _INDEXED_LETTERS:
            similar = self.rows.filter(search_text__trigram_strict_word_similar=self.query.phrase)
            self._add(similar, nearest, most=_MOST_NEAR)

    def _respaced(self) -> Iterator[Q]:
        for reading in split_readings(self.query.words):
            side_by_side = Q(search_padded__contains=f" {' '.join(reading)} ")
            yield Q(search_words__contains=list(reading)) & side_by_side

    def _mistyped(self) -> Iterator[list[Q]]:
        """Yield for each word the conditions that it alone is mistyped, the quickest first."""
        is_large = self._is_large()
        for at, word in enumerate(self.query.words):
            others = [*self.query.words[:at], *self.query.words[at + 1 :]]
            if misses := near_misses(word):
                whole = [Q(search_words__contains=others)] if others else []
                yield [*whole, *([Q(search_words__overlap=misses)] if is_large else _like(word))]

    def _is_large(self) -> bool:
        """Whether the table is so large that the planner looks the near misses up in an index.

        Reading row by row, a pattern is ten times as quick as comparing two lists of words.
        """
        if len(self.where.folded) > 1:
            return False
        name = connections[self.rows.db].ops.quote_name(self.rows.model._meta.db_table)
        with connections[self.rows.db].cursor() as cursor:
            cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [name])
            return bool(cursor.fetchone()[0] >= _LARGE_ROWS)

    def _rank(self) -> Case:
        """Return 0 for the exact phrase, 1 for its exact words, 2 for the folded phrase, else 3."""
        tiers = [When(_says(self.query.spellings), then=Value(0))]
        if len(self.query.word_spellings) > 1:
            words = Q(*map(_says, self.query.word_spellings))
            phrase = Q(search_padded__contains=f" {self.query.phrase} ")
            tiers += [When(words, then=Value(_LAST_EXACT)), When(phrase, then=Value(2))]
        return Case(*tiers, default=Value(3), output_field=IntegerField())

    def _is_code(self) -> Q:
        return _any(Q(**{f"{column}__in": self.query.codes}) for column in self.where.codes)

    def _add(self, rows: QuerySet[Any], *order: Case | OrderBy, most: int = MOST_FOUND) -> None:
        """Add the best of `rows`, newest first among equals."""
        ordered = rows.order_by(*order, "-search_newest")
        self.keys |= dict.fromkeys(ordered.values_list("pk", flat=True)[: most + 1])


def _begins(word: str) -> Q:
    """Whether a text has a word that begins with `word`, or, three letters up, that holds it."""
    if len(word) >= _INDEXED_LETTERS:
        return Q(search_text__contains=word)
    return Q(search_text__startswith=word) | Q(search_text__contains=f" {word}")


def _like(word: str) -> list[Q]:
    kept = _any(Q(search_text__contains=part) for part in kept_parts(word))
    return [kept, Q(search_padded__regex=f" {near_pattern(word)} ")]


def _part(word: str) -> str:
    return word if len(word) >= _INDEXED_LETTERS else f" {word}"


def _says(spellings: Iterable[str]) -> Q:
    """Whether a text says words just as they are spelled; LIKE spares most rows the regex."""
    return _any(
        Q(search_exact__contains=spelling) & Q(search_exact__regex=f"{_EDGE}{spelling}{_END}")
        for spelling in spellings
    )


def _any(ways: Iterable[Q]) -> Q:
    """Return what fits one of several ways; nothing fits where there are none."""
    return reduce(or_, ways, Q()) or Q(pk=None)


def columns_of(columns: Columns) -> tuple[str | Func, ...]:
    """Return one column or several as a tuple."""
    return (columns,) if isinstance(columns, str | Func) else tuple(columns)

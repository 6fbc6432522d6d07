"""Finding categories by what people type: accents count where they are, form beats ingredient."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from threading import Lock
from typing import Final

from core.catalogue.classifier import Vocabulary, Words, words_of
from core.catalogue.enums import CategoryLevel
from core.catalogue.models import ProductCategory
from core.catalogue.selectors.ranking import Hit, Speech, Term, hits_in, ordered
from core.catalogue.selectors.synonyms import approved_terms, known_vocabulary, synonyms_version
from core.catalogue.selectors.tree import categories, tree_version

FRESH_SETS: Final = ("B01", "B02", "B03", "B23", "B24", "B25")
FLAVOUR: Final = "vị"
# A form that says this of fruit, fish or meat makes another thing of it.
_MAKES: Final = 0.7
_MADE_OF: Final = ("*", "fruit", "fish", "meat")
_SAME_WORD: Final = ("phi lê",)
_REMEMBERED: Final = 2_000
_LOCK: Final = Lock()


class Index:
    """Every term of the tree by its words, and the categories they stand for."""

    def __init__(self, rows: Iterable[ProductCategory], further: dict[str, list[str]]) -> None:
        """Index the categories and the synonyms approved since."""
        self.categories = {row.pk: row for row in rows}
        self.speech = _speech(known_vocabulary())
        self.by_words: dict[tuple[str, ...], list[Term]] = defaultdict(list)
        self.by_word: dict[str, list[Term]] = defaultdict(list)
        for row in self.categories.values():
            for term in _terms_of(row, further.get(row.code, [])):
                self._add(term)
        self.words = sorted(self.by_word)
        self.longest = max((len(key) for key in self.by_words), default=0)
        self.found = lru_cache(maxsize=_REMEMBERED)(self._found)

    def _add(self, term: Term) -> None:
        self.by_words[tuple(word.folded for word in term.words)].append(term)
        for word in {word.folded for word in term.words}:
            self.by_word[word].append(term)

    def _found(self, typed: Words, leaves_only: bool) -> tuple[int, ...]:  # noqa: FBT001 -- a key
        meant = self.speech.meant(typed)
        if not meant:
            return ()
        hits: list[Hit] = hits_in(self, meant)
        if leaves_only:
            hits = [hit for hit in hits if hit.term.is_leaf]
        ranked = ordered(hits, typed=meant, speech=self.speech)
        return tuple(dict.fromkeys(hit.term.category_id for hit in ranked))


_kept: dict[tuple[object, ...], Index] = {}


def search_categories(
    text: str, *, limit: int = 10, leaves_only: bool = False
) -> list[ProductCategory]:
    """Find categories whose name or synonym the text means, begins or contains.

    Hits with the accents typed stand before hits without; where the text names a form ("mứt",
    "trà", "sấy") the fresh thing comes last; what follows "vị" is a flavour and does not count.
    """
    typed = words_of(text)
    if not typed:
        return []
    index = _index()
    ids = index.found(typed, leaves_only)[:limit]
    return [index.categories[pk] for pk in ids]


def _index() -> Index:
    """Return the index, kept in the process until a category or a synonym changes."""
    version = (*tree_version(), *synonyms_version())
    with _LOCK:
        if version not in _kept:
            _kept.clear()
            rows = categories().select_related("parent", "default_unit")
            _kept[version] = Index(rows, approved_terms())
        return _kept[version]


def _terms_of(category: ProductCategory, further: Iterable[str]) -> Iterable[Term]:
    is_leaf = category.level == CategoryLevel.LEAF
    # A leaf's name may list kinds; the names of groups list what they stand above.
    own = category.name_vi.split(",") if is_leaf else [category.name_vi]
    is_fresh = category.code.startswith(FRESH_SETS)
    for name in dict.fromkeys([*own, *category.synonyms, *further, category.name_en]):
        if words := words_of(name):
            yield Term(words, category.pk, is_fresh, is_leaf, category.order_lo)


def _speech(vocabulary: Vocabulary) -> Speech:
    """Return the forms and the phrases that are no products, as the reading of names has them."""
    forms = [
        words_of(form)
        for rules in (vocabulary.heads, vocabulary.afters)
        for form, outcomes in rules.items()
        if any(outcomes[key].confidence >= _MAKES for key in _MADE_OF if key in outcomes)
    ]
    return Speech(
        forms=tuple(forms),
        not_products=(*map(words_of, _SAME_WORD), *map(words_of, vocabulary.names())),
        flavour=words_of(FLAVOUR)[0],
    )

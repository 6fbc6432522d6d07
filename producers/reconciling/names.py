"""Names of businesses and goods, taken apart: what they are called, and in which form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

# Longest first, so that "hop tac xa" goes before "xa".
_LEGAL_FORMS: Final = (
    ("company", "cong ty trach nhiem huu han|cong ty tnhh|cong ty co phan|cong ty cp|cong ty|cty"),
    ("cooperative", "lien hiep hop tac xa|hop tac xa|htx|to hop tac|tht"),
    ("household", "ho kinh doanh|ho san xuat|ho gia dinh|hkd"),
    ("private", "doanh nghiep tu nhan|dntn"),
    ("works", "co so san xuat|cssx|co so|xuong"),
)
_FILLERS: Final = re.compile(
    r"\b(?:mot thanh vien|hai thanh vien|1 thanh vien|2 thanh vien|mtv|tnhh|trach nhiem huu han"
    r"|co phan|thuong mai|tm|dich vu|dv|san xuat|sx|xuat nhap khau|xnk|kinh doanh|kd|va)\b"
)
_PACKS: Final = "(?:hop|goi|tui|chai|hu|lo|thung|khay|combo|set|vi)"
_NEXT_TO_NAME: Final = re.compile(
    rf"\b(?:{_PACKS} )?\d+(?: \d+)? ?(?:g|gr|gram|kg|ml|l|lit)\b|\b{_PACKS} \d+\b"
    r"|\bocop\b|\b[1-5] sao\b|\bdat chuan\b|\bdac san\b|\bcao cap\b|\bthuong hang\b"
    r"|\bdong (?:hop|goi|tui|chai)\b|\bhut chan khong\b"
)
_FORM_WORDS: Final = frozenset(
    {"mut", "keo", "tra", "che", "ruou", "nuoc", "ruoc", "cha", "say", "kho", "bot", "tinh", "dau"}
    | {"cao", "vien", "kem", "giam", "mam", "nem", "gio", "banh", "mien", "bun", "pho", "sot"}
    | {"siro", "tuoi", "muoi", "hun", "khoi", "dong", "lanh"}
)
_SHORTEST_PART: Final = 2
_PART_OF: Final = 0.84
_OTHER_FORM: Final = 0.85
_OTHER_NUMBER: Final = 0.8
SAME_BUT_FOR_FORM: Final = 0.98


@dataclass(frozen=True, slots=True)
class Name:
    """A folded name: as it is, what remains without form and package, and its form."""

    plain: str
    core: str
    forms: frozenset[str]
    numbers: frozenset[str]

    @property
    def words(self) -> frozenset[str]:
        """The words of the core."""
        return frozenset(self.core.split())


@lru_cache(maxsize=65_536)
def organisation_name(folded: str) -> Name:
    """Take the name of a business apart: its legal form is not what it is called."""
    core, forms = folded, set()
    for form, words in _LEGAL_FORMS:
        core, count = re.subn(rf"\b(?:{words})\b", " ", core)
        if count:
            forms.add(form)
    return _name(folded, _FILLERS.sub(" ", core), frozenset(forms))


@lru_cache(maxsize=65_536)
def product_name(folded: str) -> Name:
    """Take the name of goods apart: package and praise do not count, "dried" and "tea" do."""
    core = _NEXT_TO_NAME.sub(" ", folded)
    forms = frozenset(core.split()) & _FORM_WORDS
    return _name(folded, core, forms)


def likeness(one: Name, other: Name) -> float:
    """Return how alike two names of the same sort are, in [0, 1]; 1 only for the same words."""
    if not one.core or not other.core:
        return 0.0
    if one.plain == other.plain:
        return 1.0
    if one.core == other.core:
        alike = SAME_BUT_FOR_FORM
    else:
        spelt = max(fuzz.ratio(one.core, other.core), fuzz.token_sort_ratio(one.core, other.core))
        alike = min(spelt / 100, SAME_BUT_FOR_FORM)
        if _is_part(one, other):
            alike = max(alike, _PART_OF)
    if is_other_form(one, other):
        alike *= _OTHER_FORM
    if one.numbers != other.numbers:
        alike *= _OTHER_NUMBER
    return alike


def is_other_form(one: Name, other: Name) -> bool:
    """Tell whether both say a form and not the same: tea and wine of one root are two goods."""
    return bool(one.forms and other.forms) and one.forms != other.forms


def _is_part(one: Name, other: Name) -> bool:
    shorter, longer = sorted((one.words, other.words), key=len)
    return len(shorter) >= _SHORTEST_PART and shorter <= longer


def _name(plain: str, core: str, forms: frozenset[str]) -> Name:
    core = " ".join(core.split()) or plain
    return Name(plain, core, forms, frozenset(w for w in core.split() if w.isdigit()))

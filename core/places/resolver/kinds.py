"""The words that say what kind of place follows, in full and as people shorten them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from rapidfuzz.distance import OSA

from core.places.resolver.letters import Word, bare_key, words_of

WARD, DISTRICT, PROVINCE = "ward", "district", "province"
LEVELS: Final = (WARD, DISTRICT, PROVINCE)
LEVELS_OF_KIND: Final = {
    "phuong": (WARD,),
    "xa": (WARD,),
    "thi_tran": (WARD,),
    "dac_khu": (WARD,),
    "quan": (DISTRICT,),
    "huyen": (DISTRICT,),
    "thi_xa": (DISTRICT,),
    "thanh_pho": (DISTRICT, PROVINCE),
    "tinh": (PROVINCE,),
}
LABELS: Final = {
    "phuong": "Phường",
    "xa": "Xã",
    "thi_tran": "Thị trấn",
    "dac_khu": "Đặc khu",
    "quan": "Quận",
    "huyen": "Huyện",
    "thi_xa": "Thị xã",
    "thanh_pho": "Thành phố",
    "tinh": "Tỉnh",
}
_SHORTEST_SLIP: Final = 3
_LABEL_KEYS: Final = {kind: bare_key(words_of(label)) for kind, label in LABELS.items()}
URBAN: Final = frozenset({"quan", "thi_xa", "thanh_pho", "phuong", "thi_tran"})

ROMAN: Final = {
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8",
    "ix": "9", "x": "10",
}  # fmt: skip

_WRITTEN: Final = {
    "phuong": "phường phuong p f ph phg ward w",
    "xa": "xã xa x commune",
    "thi_tran": "thị_trấn thi_tran tt t_t ttr tttr thitran town township",
    "dac_khu": "đặc_khu dac_khu đk dk",
    "quan": "quận quan q qu district dist",
    "huyen": "huyện huyen h hu",
    "thi_xa": "thị_xã thi_xa tx t_x thixa",
    "thanh_pho": "thành_phố thanh_pho tp t_p tpho thanhpho city",
    "tinh": "tỉnh tinh t province",
}
_BEHIND: Final = {
    "ward": "phuong",
    "commune": "xa",
    "town": "thi_tran",
    "township": "thi_tran",
    "district": "huyen",
    "province": "tinh",
    "city": "thanh_pho",
}
# What stands before the name of a hamlet, a street, a building: never itself a unit.
_SMALLER: Final = (
    "thôn thon xóm xom ấp ap bản ban buôn buon làng lang khu_phố khu_pho kp tdp tổ to tổ_dân_phố"
    " to_dan_pho khu khối khoi khóm khom đường duong đ phố pho ngõ ngo ngách ngach hẻm hem kiệt"
    " kiet số so sn số_nhà so_nha nhà nha lô lo tầng tang tòa toa chung_cư chung_cu km quốc_lộ"
    " quoc_lo ql tỉnh_lộ tinh_lo tl dt hương_lộ kcn ccn khu_công_nghiệp khu_cong_nghiep cụm_công"
    " đội doi cụm cum kđt kdt khu_đô_thị khu_do_thi đại_lộ dai_lo street road alley hamlet"
    " village no tòa_nhà toa_nha chợ cho căn can phòng phong ô liền_kề sđt sdt đt tel phone mst"
)


class Prefix(NamedTuple):
    """A word of kind in front of a name: the kind, how many words, and written without marks."""

    kind: str
    length: int
    is_plain: bool


def levels_of(kind: str | None) -> tuple[str, ...]:
    """Return the levels a kind stands for; a name without one may be any."""
    return LEVELS if kind is None else LEVELS_OF_KIND[kind]


def _forms(written: str) -> dict[tuple[str, ...], bool]:
    forms = {}
    for form in written.split():
        words = tuple(word.marked for word in words_of(form))
        bare = tuple(word.bare for word in words_of(form))
        forms[words] = words == bare
    return forms


_PREFIXES: Final[dict[tuple[str, ...], Prefix]] = {
    words: Prefix(kind, len(words), is_plain)
    for kind, written in _WRITTEN.items()
    for words, is_plain in _forms(written).items()
}
_FIRST_WORDS: Final = frozenset(words[0] for words in _PREFIXES)
_NOISE: Final = frozenset(_forms(_SMALLER))
_NOISE_FIRST: Final = frozenset(words[0] for words in _NOISE)


def prefix_at(words: Sequence[Word], start: int) -> Prefix | None:
    """Return the word of kind that begins at `start`, the longest that fits."""
    if words[start].marked not in _FIRST_WORDS:
        return None
    if start + 1 < len(words):
        found = _PREFIXES.get((words[start].marked, words[start + 1].marked))
        if found is not None:
            return found
    return _PREFIXES.get((words[start].marked,))


def misspelt_kind(words: Sequence[Word]) -> str | None:
    """Return the kind that stands one slip away from these words, as "huyn" and "thi rấn" do."""
    return _kind_near("".join([word.bare for word in words]))


@lru_cache(maxsize=20_000)
def _kind_near(typed: str) -> str | None:
    if len(typed) < _SHORTEST_SLIP:
        return None
    near = (k for k, label in _LABEL_KEYS.items() if OSA.distance(typed, label) == 1)
    return next(near, None)


def suffix_kind(words: Sequence[Word]) -> str | None:
    """Return the kind an English word behind the name tells, as in "Tien Yen District"."""
    return _BEHIND.get(words[-1].bare) if len(words) > 1 else None


def is_smaller_place(words: Sequence[Word]) -> bool:
    """Tell whether the words begin like a hamlet, a street or a house number."""
    first = words[0]
    if first.bare.isdigit():
        return True
    if first.marked not in _NOISE_FIRST:
        return False
    return any(tuple([w.marked for w in words[:length]]) in _NOISE for length in (3, 2, 1))

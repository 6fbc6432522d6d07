"""Finding kinds of products, units and provinces for many rows with few queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.utils.translation import gettext as _

from core.catalogue import selectors as catalogue
from core.catalogue.classifier import classify
from core.catalogue.enums import CategoryLevel, PaperKind
from core.catalogue.models import ProductCategory, Unit
from core.catalogue.typed.units import vocabulary as unit_names
from core.imports.reading import RowReader
from core.kernel.text import fold
from core.places import selectors as places
from core.places.models import AdminUnit
from core.web.typed_fields import language

_SUGGESTED: Final = 4
_PROVINCE_PREFIXES: Final = ("thanh pho ", "tinh ", "tp ", "t ")
_COMMUNE_PREFIXES: Final = ("xa ", "phuong ", "dac khu ", "x ", "p ")

_PAPERS: Final[dict[PaperKind, tuple[str, ...]]] = {
    PaperKind.OCOP_AWARD: ("OCOP", "sao OCOP", "giấy chứng nhận OCOP", "chứng nhận sản phẩm OCOP"),
    PaperKind.FOOD_SAFETY: (
        "ATTP",
        "VSATTP",
        "an toàn thực phẩm",
        "chứng nhận ATTP",
        "GCN ATTP",
        "giấy chứng nhận ATTP",
        "giấy chứng nhận cơ sở đủ điều kiện ATTP",
        "giấy chứng nhận cơ sở đủ điều kiện an toàn thực phẩm",
    ),
    PaperKind.SELF_DECLARATION: ("tự công bố", "tự công bố sản phẩm", "bản tự công bố"),
    PaperKind.VIETGAP: ("Viet GAP", "chứng nhận VietGAP", "giấy chứng nhận VietGAP"),
    PaperKind.GLOBALGAP: ("GlobalGAP", "Global GAP", "chứng nhận GlobalGAP"),
    PaperKind.ORGANIC: ("chứng nhận hữu cơ", "giấy chứng nhận hữu cơ"),
    PaperKind.HACCP: ("chứng nhận HACCP",),
    PaperKind.ISO_22000: ("ISO22000", "ISO 22000:2018", "chứng nhận ISO 22000"),
    PaperKind.HALAL: ("chứng nhận Halal",),
    PaperKind.GROWING_AREA_CODE: ("MSVT", "mã vùng trồng"),
    PaperKind.PACKING_FACILITY_CODE: ("mã cơ sở đóng gói", "mã đóng gói"),
    PaperKind.TRACE_LINK: ("truy xuất nguồn gốc", "mã truy xuất nguồn gốc"),
    PaperKind.CNNT: ("CNNT tiêu biểu", "sản phẩm CNNT tiêu biểu"),
    PaperKind.SAFE_COMMITMENT: ("cam kết sản xuất an toàn", "bản cam kết sản xuất an toàn"),
    PaperKind.STOREFRONT: ("gian hàng", "gian hàng số"),
}
PAPER_NAMES: Final = {fold(name): kind.value for kind, names in _PAPERS.items() for name in names}
"""What kinds of papers are called in people's lists besides their labels."""


class Categories:
    """The leaves of the tree, and the reading of names; made once for a batch of rows."""

    def __init__(self, *, with_sets: bool = False) -> None:
        sets = catalogue.categories().filter(level=CategoryLevel.SET) if with_sets else ()
        found: list[ProductCategory] = [
            *sets,
            *catalogue.leaves().select_related("parent", "default_unit"),
        ]
        self.by_id: Final = {row.pk: row for row in found}
        self._vocabulary: Final = catalogue.known_vocabulary()
        self._by_code: Final = {row.code: row for row in self.by_id.values()}

    @cached_property
    def _by_name(self) -> dict[str, ProductCategory]:
        names: dict[str, ProductCategory] = {}
        for row in self.by_id.values():
            for name in (row.code, row.name_en, row.name_vi):
                names[fold(name)] = row
        return names

    def name_of(self, category_id: int | None) -> str:
        """Return the name of a kind, "" where there is none."""
        found = self.by_id.get(category_id or 0)
        return found.name if found else ""

    def read(self, reader: RowReader, *, key: str, name: str) -> ProductCategory | None:
        """Return the kind a cell names, or the one a product's name surely means.

        Otherwise the row is refused with the kinds that may be meant.
        """
        said = reader.text(key)
        if said and (found := self._by_name.get(fold(said))):
            return found
        asked = said or name
        verdict = classify(asked, vocabulary=self._vocabulary) if asked else None
        if verdict and verdict.code and (found := self._by_code.get(verdict.code)):
            return found
        candidates = verdict.candidates if verdict else ()
        likely = [self._by_code[one.code].name for one in candidates if one.code in self._by_code]
        reader.refuse(key, _which_kind(asked, likely[:_SUGGESTED]))
        return None


class Units:
    """The units goods are counted in."""

    def __init__(self, rows: Iterable[Unit]) -> None:
        self._by_code: Final = {row.code: row for row in rows}
        self.by_id: Final = {row.pk: row for row in self._by_code.values()}

    def of_code(self, code: str) -> Unit | None:
        """Return the unit of a code."""
        return self._by_code.get(code)

    def read(self, reader: RowReader, *, key: str) -> Unit | None:
        """Return the unit a cell names; None for an empty cell or one that is refused."""
        said = reader.text(key)
        if not said:
            return None
        codes = unit_names().named(said, language=language())
        found = [self._by_code[code] for code in codes if code in self._by_code]
        if not found and said in self._by_code:
            found = [self._by_code[said]]
        if len(found) == 1:
            return found[0]
        if found:
            words = _("“%(typed)s” may be %(units)s. Write which.")
            shown = _(" or ").join(unit.name for unit in found)
            reader.refuse(key, words % {"typed": said[:60], "units": shown})
        else:
            words = _("We do not know the unit “%(typed)s”. Write for example kg, tấn or thùng.")
            reader.refuse(key, words % {"typed": said[:60]})
        return None


@dataclass(frozen=True, slots=True)
class _Named:
    by_name: dict[str, AdminUnit]
    by_id: dict[int, AdminUnit]


class Provinces:
    """Today's provinces, by name or code."""

    @cached_property
    def _known(self) -> _Named:
        by_name: dict[str, AdminUnit] = {}
        by_id: dict[int, AdminUnit] = {}
        for unit in places.provinces():
            by_id[unit.pk] = unit
            by_name[unit.code] = unit
            by_name[_bare(unit.name)] = unit
        return _Named(by_name, by_id)

    def name_of(self, province_id: int | None) -> str:
        """Return a province's name, "" where there is none."""
        unit = self._known.by_id.get(province_id or 0)
        return unit.name if unit else ""

    def read(self, reader: RowReader, *, key: str) -> int | None:
        """Return the id of the province a cell names; None for empty or refused."""
        said = reader.text(key)
        if not said:
            return None
        unit = self._known.by_name.get(_bare(said))
        if unit is None:
            words = _("There is no province “%(typed)s” today. Write one of the 34 by its name.")
            reader.refuse(key, words % {"typed": said[:60]})
        return unit.pk if unit else None


class Communes:
    """Today's communes of provinces, by name or code; read once for a batch of rows."""

    def __init__(self) -> None:
        self._of_province: Final[dict[int, list[AdminUnit]]] = {}
        self._names: Final[dict[int, str]] = {}

    def read(self, reader: RowReader, *, key: str, province_id: int | None) -> AdminUnit | None:
        """Return the commune a cell names in a province; None for empty or refused."""
        said = reader.text(key)
        if not said:
            return None
        named = _bare(said, prefixes=_COMMUNE_PREFIXES)
        near = self._near(province_id or 0)
        found = [unit for unit in near if unit.code == said or fold(str(unit)) == fold(said)]
        found = found or [unit for unit in near if unit.name_folded == named]
        if len(found) == 1:
            return found[0]
        if found:
            words = _("“%(typed)s” may be %(places)s. Write which.")
            shown = _(" or ").join(str(unit) for unit in found)
            reader.refuse(key, words % {"typed": said[:60], "places": shown})
        else:
            words = _("The province has no commune “%(typed)s” today. Write its name of today.")
            reader.refuse(key, words % {"typed": said[:60]})
        return None

    def name_of(self, commune_id: int | None) -> str:
        """Return a commune's name as it stands today, "" where there is none."""
        if commune_id is None:
            return ""
        if commune_id not in self._names:
            self._names[commune_id] = str(AdminUnit.objects.get(pk=commune_id))
        return self._names[commune_id]

    def _near(self, province_id: int) -> list[AdminUnit]:
        if province_id not in self._of_province:
            self._of_province[province_id] = list(places.communes_of(province_id))
        return self._of_province[province_id]


def _bare(name: str, *, prefixes: Sequence[str] = _PROVINCE_PREFIXES) -> str:
    folded = fold(name)
    for prefix in prefixes:
        if folded.startswith(prefix):
            return folded.removeprefix(prefix)
    return folded


def _which_kind(asked: str, likely: list[str]) -> str:
    if not likely:
        words = _("We cannot tell which kind of product “%(name)s” is. Write the kind.")
        return words % {"name": asked[:60]}
    words = _("“%(name)s” may be several kinds: %(kinds)s. Write one of them.")
    return words % {"name": asked[:60], "kinds": ", ".join(likely)}

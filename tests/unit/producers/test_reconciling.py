"""What an entry of a register may stand for: exact keys, names, and keys that contradict."""

from __future__ import annotations

import dataclasses

import pytest

from core.kernel.text import fold
from producers.reconciling import (
    Basis,
    Clash,
    EntryFacts,
    OursFacts,
    OursIndex,
    Outlook,
    compare,
    decision_key,
    entry_key,
    likeness,
    organisation_name,
    product_name,
)
from producers.reconciling.overlap import Listed, holders_of, overlap, shared_holders

TAX, OTHER_TAX = "5700000001", "5700000122"
GTIN, OTHER_GTIN = "8935000000019", "8935000000026"
HOLDER = OursFacts(
    organisation_id=1, holder="hop tac xa nong nghiep van yen", tax_code=TAX, commune_id=7
)
CAM = dataclasses.replace(
    HOLDER, product_id=11, name="cam van yen", gtin=GTIN, awards=(("123qdubnd", 4),)
)
TEA = dataclasses.replace(HOLDER, product_id=12, name="tra ba kich")
ELSE = OursFacts(organisation_id=2, holder="cong ty tnhh thuy san ha long", tax_code=OTHER_TAX)
SQUID = dataclasses.replace(ELSE, product_id=21, name="cha muc ha long")
INDEX = OursIndex([HOLDER, ELSE, CAM, TEA, SQUID])


def entry(**said) -> EntryFacts:
    values = {"name": "Cam Vạn Yên", "holder": "HTX nông nghiệp Vạn Yên", "tax_code": TAX}
    values |= said
    return EntryFacts(
        entry_id=1,
        is_shop=values.pop("is_shop", False),
        name=fold(values.pop("name")),
        holder=fold(values.pop("holder")),
        **values,
    )


def best(one: EntryFacts):
    found = compare(one, INDEX)
    return found.outlook, found.candidates[0] if found.candidates else None


def test_tax_code_and_name_are_certain():
    outlook, found = best(entry(commune_id=7))
    assert (outlook, found.product_id, found.is_certain) == (Outlook.CERTAIN, 11, True)
    assert found.basis == (Basis.TAX_CODE, Basis.NAME, Basis.HOLDER, Basis.COMMUNE)


def test_a_barcode_of_the_holder_is_certain_in_spite_of_packages():
    outlook, found = best(entry(name="Cam Vạn Yên hộp 5 kg OCOP 4 sao", tax_code="", gtin=GTIN))
    assert (outlook, found.product_id) == (Outlook.CERTAIN, 11)


def test_names_alone_are_never_certain():
    outlook, found = best(entry(tax_code=""))
    assert (outlook, found.product_id) == (Outlook.UNCERTAIN, 11)


@pytest.mark.parametrize(
    ("said", "clash"),
    [
        ({"holder": "Công ty cổ phần Bia Hải Phòng"}, Clash.OTHER_HOLDER),
        ({"gtin": GTIN, "tax_code": OTHER_TAX}, Clash.OTHER_TAX_CODE),
        ({"gtin": GTIN, "name": "Nước mắm sá sùng"}, Clash.OTHER_PRODUCT),
        ({"decision": "123qdubnd", "stars": 3}, Clash.OTHER_STARS),
    ],
)
def test_exact_keys_that_contradict_are_shown_as_such(said, clash):
    found = compare(entry(**said), INDEX)
    assert found.outlook == Outlook.CONFLICT
    assert any(clash in one.clashes and not one.is_certain for one in found.candidates)


@pytest.mark.parametrize(
    ("said", "clash"),
    [
        ({"tax_code": OTHER_TAX.replace("122", "999")}, Clash.NAMESAKE),
        ({"gtin": OTHER_GTIN}, Clash.OTHER_GTIN),
        ({"name": "Rượu ba kích"}, Clash.OTHER_FORM),
    ],
)
def test_what_differs_keeps_a_candidate_from_being_certain(said, clash):
    found = compare(entry(**said), INDEX)
    assert found.outlook == Outlook.UNCERTAIN
    assert any(clash in one.clashes for one in found.candidates)


def test_the_same_decision_with_the_same_stars_is_no_contradiction():
    outlook, found = best(entry(decision="123qdubnd", stars=4))
    assert (outlook, Basis.DECISION in found.basis) == (Outlook.CERTAIN, True)


def test_a_product_we_lack_leads_to_its_holder():
    outlook, found = best(entry(name="Miến dong Bình Liêu"))
    assert (outlook, found.organisation_id, found.product_id) == (Outlook.UNCERTAIN, 1, None)


def test_what_nobody_knows_has_no_candidates():
    unknown = entry(name="Mật ong rừng ngập mặn", holder="Hộ Đỗ Thị Sen", tax_code="")
    assert compare(unknown, INDEX).outlook == Outlook.NONE


def test_a_similar_holder_with_another_tax_code_is_somebody_else():
    other = {"name": "Miến dong", "tax_code": "5700099999"}
    near = entry(holder="HTX nông nghiệp Vạn Yên 2", **other)
    assert compare(near, INDEX).outlook == Outlook.NONE
    namesake = compare(entry(**other), INDEX)
    assert (namesake.outlook, namesake.candidates[0].clashes) == (
        Outlook.UNCERTAIN,
        (Clash.NAMESAKE,),
    )


def test_a_branch_belongs_to_its_parent_and_is_not_certain():
    outlook, found = best(entry(tax_code=f"{TAX}-001"))
    assert (outlook, Basis.TAX_PARENT in found.basis) == (Outlook.UNCERTAIN, True)


def test_a_shop_is_compared_with_holders_alone():
    shop = entry(is_shop=True, name="Gian hàng cam", holder="Hợp tác xã Nông nghiệp Vạn Yên")
    outlook, found = best(shop)
    assert (outlook, found.organisation_id, found.product_id) == (Outlook.CERTAIN, 1, None)


def test_two_that_fit_equally_are_not_certain():
    twin = dataclasses.replace(CAM, product_id=13, name="cam van yen hop 2 kg", gtin="")
    found = compare(entry(), OursIndex([HOLDER, CAM, twin]))
    assert found.outlook == Outlook.UNCERTAIN
    assert {one.product_id for one in found.candidates} == {11, 13}


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("hop tac xa nong nghiep van yen", "htx nn van yen", 0.6, 0.95),
        ("cong ty tnhh mtv bac ha", "cong ty co phan bac ha", 0.97, 0.99),
        ("htx bac ha", "cong ty bac ha", 0.7, 0.85),
        ("cty tnhh thuong mai hai yen", "cong ty tnhh hai yen", 0.97, 0.99),
    ],
)
def test_legal_forms_do_not_make_a_name(one, other, least, most):
    assert least <= likeness(organisation_name(one), organisation_name(other)) <= most


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [
        ("cha muc ha long", "cha muc ha long hop 500g", True),
        ("cha muc ha long", "cha muc ha lonq", True),
        ("tra ba kich", "ruou ba kich", False),
        ("tra hoa vang so 1", "tra hoa vang so 2", False),
        ("nuoc mam cai rong", "mut na", False),
    ],
)
def test_goods_are_called_by_what_they_are(one, other, is_alike):
    alike = likeness(product_name(one), product_name(other))
    assert (alike >= 0.85) is is_alike


def test_a_decision_is_known_however_it_is_written():
    written = [
        "1234/QĐ-UBND",
        "Số 1234/QĐ-UBND ngày 20/12/2024",
        "qd so 1234 /qd-ubnd",
        "1234/QD–UBND",
    ]
    assert len({decision_key(one) for one in written}) == 1
    assert decision_key("1235/QĐ-UBND") != decision_key(written[0])


def test_the_registers_own_number_knows_a_row_before_its_names_do():
    assert entry_key(code="SP-01", name="a", holder="b") == entry_key(
        code="sp 01", name="c", holder="d"
    )
    assert entry_key(code="", name="a", holder="b") != entry_key(code="", name="a", holder="c")


def row(number: int, **said) -> Listed:
    values = {"name": f"san pham {number}", "holder": f"ho {number % 3}"} | said
    return Listed(entry_id=number, **values)


def test_an_overlap_pairs_every_row_once():
    left = [row(1, gtin=GTIN), row(2, product_id=5), row(3), row(4)]
    right = [row(11, gtin=GTIN), row(12, product_id=5), row(13, name="san pham 3", holder="ho 0")]
    found = overlap(left, right)
    assert (found.both, found.only_left, found.only_right) == (3, 1, 0)


def test_other_stars_are_found_in_pairs_only():
    found = overlap([row(1, stars=4), row(2, stars=3)], [row(1, stars=3), row(2)])
    assert [(a.stars, b.stars) for a, b in found.other_stars] == [(4, 3)]


def test_holders_are_counted_once_and_known_by_code_or_name():
    goods = [row(1, holder="htx a", tax_code=TAX), row(2, holder="htx a", tax_code=f"{TAX}-001")]
    shops = [row(9, holder="hop tac xa a")]
    assert holders_of(goods) == {TAX}
    assert shared_holders(goods, shops) == 1

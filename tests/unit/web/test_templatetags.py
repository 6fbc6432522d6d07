"""The filters and tags of every page, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from core.web.templatetags import nhipcau as tags
from core.web.tones import STATUS_LOOKS, TONE_ICONS, status_look

NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture(autouse=True)
def vietnamese():
    with translation.override("vi"):
        yield


def rendered(source: str, **context: object) -> str:
    return Template("{% load nhipcau %}" + source).render(Context(context))


@pytest.mark.parametrize(("language", "written"), [("vi", "1.234.567,89"), ("en", "1,234,567.89")])
def test_number_groups_digits_as_the_language_does(language, written):
    with translation.override(language):
        assert tags.number(Decimal("1234567.89")) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0"), (-1500, "-1.500"), (2.50, "2,5"), (Decimal("0.001"), "0"), (1e9, "1.000.000.000")],
)
def test_number_drops_zeros_nobody_needs(value, written):
    assert tags.number(value) == written


@pytest.mark.parametrize("value", [None, "", "12", True, float("nan"), float("inf")])
def test_what_is_no_number_is_shown_as_unknown(value):
    assert (tags.number(value), tags.vnd(value), tags.percent(value)) == ("–", "–", "–")


@pytest.mark.parametrize(
    ("language", "written"), [("vi", f"95.000{NBSP}₫/kg"), ("en", f"95,000{NBSP}₫/kg")]
)
def test_price_of_a_unit(language, written):
    with translation.override(language):
        assert tags.vnd_per(95_000, "kg") == written


def test_money_is_rounded_to_whole_dong():
    assert tags.vnd(Decimal("1234567.6")) == f"1.234.568{NBSP}₫"


SEVERAL = {
    "kg": "kg", "litre": "litres", "box": "boxes", "bunch": "bunches", "head": "head",
    "square metre": "square metres", "piece (fruit, egg)": "pieces (fruit, egg)",
    "booth 3 m × 3 m": "booths 3 m × 3 m", "container 20 ft": "containers 20 ft",
    "ten of twelve": "tens of twelve", "tạ (100 kg)": "tạ (100 kg)", "northern sào": "northern sào",
}  # fmt: skip


@pytest.mark.parametrize(("one", "several"), SEVERAL.items(), ids=SEVERAL)
def test_several_of_a_unit_are_many_in_english(one, several):
    with translation.override("en"):
        assert tags.quantity(1460, one) == f"1,460{NBSP}{several}"
        assert tags.quantity_about(1460, one) == f"1,460{NBSP}{several}"
        assert tags.quantity(1, one) == f"1{NBSP}{one}"
    with translation.override("vi"):
        assert tags.quantity(2, "chai") == f"2{NBSP}chai"


def test_quantity_keeps_three_decimals_and_its_unit():
    assert tags.quantity(Decimal("1234.50000"), "kg") == f"1.234,5{NBSP}kg"
    assert tags.quantity(Decimal("0.0625"), "tấn") == f"0,062{NBSP}tấn"


def test_percent_is_a_share_of_one():
    assert tags.percent(0.734) == "73%"
    assert tags.percent(Decimal("0.185"), 1) == "18,5%"


@pytest.mark.parametrize(
    ("share", "shown"),
    [(129 / 332, "38,9%"), (0.38855, "38,9%"), (0.38849, "38,8%"), (1 / 3, "33,3%"), (1, "100,0%")],
)
def test_shares_and_decimals_are_rounded_half_up_not_cut_off(share, shown):
    assert tags.percent(share, 1) == shown
    assert tags.percent(0.385) == "39%"
    assert (tags.number(38.855, 1), tags.number(2.5, 0)) == ("38,9", "3")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_day_is_written_day_first_in_both_languages(language):
    with translation.override(language):
        assert tags.day(date(2026, 11, 21)) == "21/11/2026"


def test_times_are_those_of_viet_nam():
    late = datetime(2026, 11, 21, 20, 5, tzinfo=UTC)
    assert tags.moment(late) == f"22/11/2026{NBSP}03:05"
    assert tags.day(late) == "22/11/2026"


def test_day_range_of_one_day_is_that_day():
    first, last = date(2026, 11, 21), date(2026, 11, 30)
    assert tags.day_range(first, first) == "21/11/2026"
    assert tags.day_range(first, last) == "21/11/2026–30/11/2026"


@pytest.mark.parametrize("code", ["5701234567", "5701234567-001", "022186001567"])
def test_masked_tax_code_shows_three_digits_only(code):
    html = rendered("{{ code|masked_tax_code }}", code=code)
    digits = [c for c in code if c.isdigit()]
    assert sum(c.isdigit() for c in html.split("</span>")[0]) == 3
    assert "".join(digits[:4]) not in html


def test_masked_tax_code_is_read_aloud_without_dots():
    spoken = tags.masked_tax_code("5701234567").split("visually-hidden")[1]
    assert "5 6 7" in spoken
    assert "•" not in spoken


def test_short_tax_code_is_not_shown_at_all():
    assert tags.masked_tax_code("123") == "–"


def test_icon_without_label_is_hidden_from_screen_readers():
    html = rendered('{% icon "bell" %}')
    assert 'aria-hidden="true"' in html
    assert "icons/sprite.svg#bell" in html


def test_icon_with_label_says_it_escaped():
    html = rendered("{% icon 'bell' label %}", label='<b>"Mới"')
    assert 'role="img"' in html
    assert "&lt;b&gt;&quot;Mới&quot;" in html


@pytest.mark.parametrize(("share", "width"), [(0.734, "73.4%"), (7, "100.0%"), (-1, "0.0%")])
def test_score_bar_stays_inside_its_box(share, width):
    assert f'<rect width="{width}"' in tags.score_bar(share)


def test_unknown_score_is_not_drawn_as_zero():
    html = tags.score_bar(None, "Giấy tờ")
    assert "<rect" not in html
    assert "nc-bar-unknown" in html


def test_score_bar_with_label_tells_its_number():
    assert 'aria-label="Quantity: 92%"' in tags.score_bar(0.92, "Quantity")


def test_initials_take_first_and_last_word_else_the_address():
    class Person:
        full_name = "Nguyễn Thị Hương"
        email = "huong@htx.example"

    class Nameless:
        full_name = ""
        email = "lan@htx.example"

    class Sample:
        full_name = "Bùi Văn Chi (mẫu)"

    assert (tags.initials(Person()), tags.initials(Nameless())) == ("NH", "L")
    assert tags.initials(Sample()) == "BC"


def test_every_status_has_a_known_tone_an_icon_and_a_word():
    for status, look in STATUS_LOOKS.items():
        assert look.tone in TONE_ICONS, status
        assert look.icon, status
        assert str(look.word), status


def test_status_badge_of_an_unknown_status_shows_its_code_in_grey():
    html = rendered('{% include "components/status_badge.html" with status="odd" %}')
    assert status_look("odd").tone == "still"
    assert "nc-tone-still" in html
    assert "odd" in html


@pytest.mark.parametrize(
    ("level", "tone"),
    [("error", "stop"), ("safe success", "ok"), ("", "still"), ("wait", "wait")],
)
def test_tone_of_message_levels(level, tone):
    assert tags.tone(level) == tone


def test_match_parts_say_when_something_is_not_known():
    parts = [{"label": "Papers", "score": None, "detail": "Shelf life not given"}]
    html = rendered('{% include "components/score_parts.html" %}', parts=parts, total=None)
    assert "nc-part-unknown" in html
    assert "0%" not in html


def test_hidden_contact_card_leaks_nothing_it_was_given_by_mistake():
    source = '{% include "components/contact_card.html" with revealed=False phone="0912345678" %}'
    assert "0912345678" not in rendered(source)


@pytest.mark.parametrize(
    ("amount", "spoken"),
    [("13209.677", "13.210"), ("482.142", "482,1"), ("4.7512", "4,751"), ("0.25", "0,25")],
)
def test_computed_quantities_are_as_precise_as_people_speak(amount, spoken):
    with translation.override("vi"):
        assert tags.quantity_about(Decimal(amount), "kg") == f"{spoken}\N{NO-BREAK SPACE}kg"

"""The Vietnamese catalogue: complete, fresh, compiled, and spelled in one way."""

from __future__ import annotations

import gettext
import re
import unicodedata

import pytest

from tools import messages

UNTONED = re.compile(r"\b(?:khong|duoc|nguoi|cua ban|vui long)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def catalogue():
    return messages.read_template(messages.VIETNAMESE)


@pytest.fixture(scope="module")
def compiled():
    with messages.VIETNAMESE.with_suffix(".mo").open("rb") as stream:
        return gettext.GNUTranslations(stream)


def texts_of(catalogue) -> list[tuple[str, str]]:
    """Return (first msgid, Vietnamese) of every entry."""
    return [(messages.key_of(m), messages.text_of(m)) for m in catalogue if m.id]


def test_every_text_of_the_sources_is_translated(catalogue):
    known = {key for key, text in texts_of(catalogue) if text}
    wanted = {messages.key_of(m) for m in messages.gathered() if m.id}
    assert sorted(wanted - known) == []


def test_gettext_goes_by_names_that_the_gathering_knows():
    alias = re.compile(r"import \w*gettext\w* as (?!_$)\w+", re.MULTILINE)
    sources = [p for top in messages.SOURCES for p in (messages.ROOT / top).rglob("*.py")]
    assert len(sources) > 100
    assert [str(p) for p in sources if alias.search(p.read_text(encoding="utf-8"))] == []


def test_catalogue_keeps_nothing_the_sources_no_longer_say(catalogue):
    wanted = {messages.key_of(m) for m in messages.gathered() if m.id}
    assert sorted({key for key, _text in texts_of(catalogue)} - wanted) == []


def test_translations_have_no_gaps_doubts_or_other_placeholders(catalogue):
    assert messages.faults(catalogue) == []


def test_compiled_catalogue_says_what_the_text_says(catalogue, compiled):
    said = {
        key[0] if isinstance(key, tuple) else key: text
        for key, text in compiled._catalog.items()
        if key
    }
    assert said == dict(texts_of(catalogue))


def test_files_are_what_the_tool_writes(catalogue):
    fresh = messages.merged(messages.gathered(), known=catalogue, memory={})
    assert messages.VIETNAMESE.read_bytes() == messages.as_text(fresh)
    assert messages.VIETNAMESE.with_suffix(".mo").read_bytes() == messages.compiled(fresh)


def test_texts_are_composed_unicode(catalogue):
    wrong = [key for key, text in texts_of(catalogue) if not unicodedata.is_normalized("NFC", text)]
    assert wrong == []


def test_texts_carry_their_tone_marks(catalogue):
    assert [text for _key, text in texts_of(catalogue) if UNTONED.search(text)] == []


def test_mark_up_is_the_same_in_both_languages(catalogue):
    tags = re.compile(r"</?\w+")
    wrong = [
        key
        for key, text in texts_of(catalogue)
        if sorted(tags.findall(key)) != sorted(tags.findall(text))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        ("%(name)s buys", "%(nane)s mua"),
        ("%(name)s buys", "Mua"),
        ("Two lines\n", "Hai dòng"),
        ("Plain", ""),
        ("At most %d", "Nhiều nhất"),
        ("Key {number}", "Khóa"),
    ],
)
def test_wrong_translation_is_found(english, vietnamese):
    catalogue = messages.Catalog(locale="vi")
    catalogue.add(english, vietnamese)
    assert len(messages.faults(catalogue)) == 1


@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        ("%(name)s buys", "Bên mua: %(name)s"),
        (("One offer", "%(n)s offers"), ("%(n)s chào hàng",)),
        ("100% fresh", "Tươi 100%"),
    ],
)
def test_right_translation_is_accepted(english, vietnamese):
    catalogue = messages.Catalog(locale="vi")
    catalogue.add(english, vietnamese)
    assert messages.faults(catalogue) == []


def test_texts_are_gathered_from_code_and_templates(tmp_path):
    (tmp_path / "core").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "core" / "rules.py").write_text(
        'a = _("Fair")\nb = ngettext_lazy("%(n)s day", "%(n)s days", "n")\n'
        'c = pgettext("verb", "Open")\nd = _(variable)\ne = _(\n    "Long "\n    "text"\n)\n'
    )
    (tmp_path / "templates" / "page.html").write_text(
        '{% load i18n %}<p>\n  {% translate "Sign in" as x %}{{ y|default:_("None") }}\n'
        "    {% blocktranslate trimmed with n=m %}\n  Dear {{ n }},\n  100% fresh"
        "{% endblocktranslate %}\n"
        '  {% translate "Open" context "noun" %}</p>'
    )
    (tmp_path / "core" / "notes.txt").write_text('_("Not a template")')

    found = {messages.key_of(m): m.id for m in messages.gathered(tmp_path) if m.id}

    assert found == {
        "Fair": "Fair",
        "%(n)s day": ("%(n)s day", "%(n)s days"),
        "verb\x04Open": "Open",
        "Long text": "Long text",
        "Sign in": "Sign in",
        "None": "None",
        "Dear %(n)s, 100%% fresh": "Dear %(n)s, 100%% fresh",
        "noun\x04Open": "Open",
    }


def test_merging_keeps_old_translations_and_prefers_the_memory():
    wanted = messages.Catalog(locale="vi")
    for text in ("Kept", "Changed", "New"):
        wanted.add(text)
    known = messages.Catalog(locale="vi")
    for text in ("Kept", "Changed", "Gone"):
        known.add(text, f"{text} (cũ)")
    memory = {"Changed": unicodedata.normalize("NFD", "Đã đổi")}

    result = dict(texts_of(messages.merged(wanted, known=known, memory=memory)))

    assert result == {"Kept": "Kept (cũ)", "Changed": "Đã đổi", "New": ""}

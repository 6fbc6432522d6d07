"""The Vietnamese catalogue: gathered from the sources, merged, compiled and counted.

Everything here is Python (Babel and Django's own template reader): nobody needs GNU gettext.
English needs no catalogue: the msgids are the English text. Texts of libraries that come without
Vietnamese stand in ``locale/third_party.pot``, and ours fill the gap.

Usage: ``./dev messages [--check] [--memory FILE]``. A memory is JSON: msgid, or context, U+0004
and msgid, to the Vietnamese text; it wins over what the catalogue holds.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, cast

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT: Final = Path(__file__).resolve().parent.parent
LOCALE: Final = ROOT / "locale"
VIETNAMESE: Final = LOCALE / "vi" / "LC_MESSAGES" / "django.po"
THIRD_PARTY: Final = LOCALE / "third_party.pot"
SOURCES: Final = (
    "buyers",
    "config",
    "core",
    "fairs",
    "matchmaking",
    "producers",
    "templates",
)
TEMPLATES: Final = {".html", ".txt"}
CONTEXT_MARK: Final = "\x04"  # as in compiled catalogues
HEADER: Final = """# Vietnamese texts of Nhịp Cầu.
# Written by ./dev messages: change only what stands in msgstr.
msgid ""
msgstr ""
"Project-Id-Version: nhip-cau\\n"
"Language: vi\\n"
"Language-Team: Vietnamese\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
# Function: the places of context, singular and plural among its arguments; 0 for none.
_PLACES: Final = {
    "_": (0, 1, 0),
    "gettext": (0, 1, 0),
    "gettext_lazy": (0, 1, 0),
    "gettext_noop": (0, 1, 0),
    "ngettext": (0, 1, 2),
    "ngettext_lazy": (0, 1, 2),
    "pgettext": (1, 2, 0),
    "pgettext_lazy": (1, 2, 0),
    "npgettext": (1, 2, 3),
    "npgettext_lazy": (1, 2, 3),
}
_THE_DAY: Final = datetime(2026, 1, 1, tzinfo=UTC)  # a date of today would change every build
_NAMED: Final = re.compile(r"%\(\w+\)[sdifr]|%[sdifr](?![a-z])|(?<!\{)\{\w*\}(?!\})")

Identity = str | list[str] | tuple[str, ...]
_Call = tuple[int, str, str | tuple[str | None, ...] | None, list[str]]


def gathered(root: Path = ROOT) -> Catalog:
    """Return every text our sources and the libraries ask for, without translations."""
    found = Catalog(locale="vi")
    for path in _files(root):
        for identity, context in _texts(path):
            _add(found, identity, context=context)
    for message in read_template(root / "locale" / "third_party.pot"):
        if message.id:
            _add(found, message.id, context=message.context)
    return found


def _add(catalog: Catalog, identity: Identity, *, context: str | None) -> None:
    first = identity if isinstance(identity, str) else identity[0]
    known = catalog.get(first, context)
    if known is None or isinstance(known.id, str):  # a plural form says more than a plain one
        if known is not None:
            catalog.delete(first, context)
        catalog.add(identity, context=context)


def _files(root: Path) -> Iterator[Path]:
    for folder in SOURCES:
        for path in sorted((root / folder).rglob("*")):
            if "migrations" in path.parts or "__pycache__" in path.parts:
                continue
            if path.suffix == ".py" or (path.suffix in TEMPLATES and "templates" in path.parts):
                yield path


def _texts(path: Path) -> Iterator[tuple[Identity, str | None]]:
    source = path.read_text(encoding="utf-8")
    if path.suffix in TEMPLATES:
        # What Django makes of a template is Python in all but its indentation.
        source = "\n".join(map(str.strip, templatize(source, origin=str(path)).splitlines()))
    calls = cast(
        "Iterable[_Call]", extract_python(io.BytesIO(source.encode()), _PLACES, [], {})
    )  # Babel's own types say less than its documentation
    for _line, function, texts, _comments in calls:
        found = _one_call(texts if isinstance(texts, tuple) else (texts,), _PLACES[function])
        if found is not None:
            yield found


def _one_call(
    texts: tuple[str | None, ...], places: tuple[int, int, int]
) -> tuple[Identity, str | None] | None:
    """Return what one call asks for; nothing if a variable stands in it: others mark its text."""
    context, singular, plural = (
        (texts[place - 1] if len(texts) >= place else None) if place else "" for place in places
    )
    if context is None or not singular or plural is None:
        return None
    return ((singular, plural) if plural else singular), context or None


def read_template(path: Path) -> Catalog:
    """Read one catalogue from its text form."""
    if not path.exists():
        return Catalog(locale="vi")
    with path.open("rb") as stream:
        return read_po(stream, locale="vi")


def merged(wanted: Catalog, *, known: Catalog, memory: dict[str, str]) -> Catalog:
    """Return the wanted texts with the translations we have; others stay empty."""
    result = Catalog(locale="vi", charset="utf-8", project="nhip-cau")
    for message in sorted(wanted, key=_order):
        if not message.id:
            continue
        old = known.get(_first(message), message.context)
        text = memory.get(key_of(message)) or (text_of(old) if old is not None else "")
        text = unicodedata.normalize("NFC", text)
        translated = text if isinstance(message.id, str) else (text,)
        result.add(message.id, translated, context=message.context, flags=_flags(message))
    return result


def faults(catalog: Catalog) -> list[str]:
    """Say what is wrong with the translations, one line each."""
    found = []
    for message in catalog:
        if not message.id:
            continue
        name, text = _first(message), text_of(message)
        if not text:
            found.append(f"untranslated: {name!r}")
        elif message.fuzzy:
            found.append(f"fuzzy: {name!r}")
        elif not _same_names(message, text):
            found.append(f"other placeholders: {name!r} -> {text!r}")
        elif name.startswith("\n") != text.startswith("\n"):
            found.append(f"other first line break: {name!r}")
        elif name.endswith("\n") != text.endswith("\n"):
            found.append(f"other last line break: {name!r}")
    return found


def _same_names(message: Message, text: str) -> bool:
    """A plural may leave the number out in one of its forms, and Vietnamese has only one."""
    forms = _forms(message)
    used = sorted(_NAMED.findall(text))
    return any(used == sorted(_NAMED.findall(form)) for form in forms)


def _forms(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def _first(message: Message) -> str:
    return _forms(message)[0]


def text_of(message: Message) -> str:
    """Return the one Vietnamese form."""
    text = message.string
    return str((text[0] if text else "") if isinstance(text, tuple) else text or "")


def key_of(message: Message) -> str:
    """Return what a compiled catalogue looks the text up by."""
    context = f"{message.context}{CONTEXT_MARK}" if message.context else ""
    return context + _first(message)


def _order(message: Message) -> tuple[str, str]:
    return _first(message), message.context or ""


def _flags(message: Message) -> set[str]:
    forms = _forms(message)
    return {"python-format"} if any(re.search(r"%\(\w+\)[sd]", form) for form in forms) else set()


def as_text(catalog: Catalog) -> bytes:
    """Return the .po: sorted, without places and dates, so that it changes only when texts do."""
    body = io.BytesIO()
    write_po(body, catalog, width=0, no_location=True, omit_header=True)
    return HEADER.encode() + body.getvalue().strip(b"\n") + b"\n"


def compiled(catalog: Catalog) -> bytes:
    """Return the .mo that Django reads; what is untranslated stays out and shows in English."""
    spoken = Catalog(locale="vi", charset="utf-8", project="nhip-cau")
    spoken.creation_date = spoken.revision_date = _THE_DAY
    for message in catalog:
        if message.id and text_of(message):
            spoken.add(message.id, message.string, context=message.context)
    result = io.BytesIO()
    write_mo(result, spoken)
    return result.getvalue()


OUTPUTS: Final[tuple[tuple[Path, Callable[[Catalog], bytes]], ...]] = (
    (VIETNAMESE, as_text),
    (VIETNAMESE.with_suffix(".mo"), compiled),
)


def main(arguments: Sequence[str]) -> int:
    """Write, or with --check only judge, the catalogue."""
    parser = argparse.ArgumentParser(prog="./dev messages", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, say what is stale")
    parser.add_argument("--memory", action="append", default=[], type=Path, help="JSON to merge")
    options = parser.parse_args(arguments)
    if not settings.configured:
        settings.configure()  # templatize asks for the file encoding, nothing else
    memory: dict[str, str] = {}
    for path in options.memory:
        memory |= json.loads(path.read_text(encoding="utf-8"))
    catalog = merged(gathered(), known=read_template(VIETNAMESE), memory=memory)
    outcome = _stale(catalog) if options.check else _written(catalog)
    problems = [*outcome, *faults(catalog)]
    for line in problems:
        print(line)
    print(f"{len(catalog)} texts, {len(problems)} to mend.")
    return 1 if problems else 0


def _stale(catalog: Catalog) -> list[str]:
    return [
        f"stale, run ./dev messages: {path.relative_to(ROOT)}"
        for path, made in OUTPUTS
        if not path.exists() or path.read_bytes() != made(catalog)
    ]


def _written(catalog: Catalog) -> list[str]:
    VIETNAMESE.parent.mkdir(parents=True, exist_ok=True)
    for path, made in OUTPUTS:
        content = made(catalog)
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)
    return []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Reading the XML parts of a workbook: streamed, and never with a document type."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Final
from xml.parsers import expat

from core.sheets.limits import SheetRefusedError, Why

_PIECE: Final = 64 * 1024
Attributes = dict[str, str]
Start = Callable[[str, Attributes], None]
End = Callable[[str], None]


def streamed(
    archive: zipfile.ZipFile, name: str, *, start: Start, end: End, text: Callable[[str], None]
) -> Iterator[None]:
    """Parse one part piece by piece; yields after each, so that the caller can hand on.

    Raises:
        SheetRefusedError: The part is missing, broken or has a document type.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    try:
        with archive.open(name) as part:
            while piece := part.read(_PIECE):
                parser.Parse(piece, False)  # noqa: FBT003 -- expat takes no keywords
                yield
            parser.Parse(b"", True)  # noqa: FBT003 -- expat takes no keywords
    except (expat.ExpatError, zipfile.BadZipFile, zlib.error, KeyError, EOFError) as error:
        raise SheetRefusedError(Why.BROKEN, name) from error
    except (NotImplementedError, RuntimeError, UnicodeError) as error:
        raise SheetRefusedError(Why.BROKEN, name) from error
    yield


def parsed(
    archive: zipfile.ZipFile,
    name: str,
    *,
    start: Start,
    end: End | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Parse one part to its end.

    Raises:
        SheetRefusedError: As `streamed`.
    """
    pieces = streamed(
        archive,
        name,
        start=start,
        end=end or (lambda _tag: None),
        text=text or (lambda _data: None),
    )
    for _piece in pieces:
        pass


def local(tag: str) -> str:
    """Return a name without its prefix: some programs write x:row for row."""
    return tag.rpartition(":")[2] if ":" in tag else tag


def _refuse_doctype(*_what: object) -> None:
    raise SheetRefusedError(Why.DOCTYPE)

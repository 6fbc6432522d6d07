"""Rebuild ``static/vendor`` and the icon sprite from npm packages; for maintainers only.

The portal never fetches an asset from another host and needs no node at run time: what this
script writes is committed. Usage: ``python tools/vendor_assets.py FOLDER_WITH_TGZ``, after
``npm pack`` of each package named in ``static/vendor/package.json`` into that folder.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
VENDOR: Final = ROOT / "static" / "vendor"
SPRITE: Final = ROOT / "static" / "icons" / "sprite.svg"
ICON_LIST: Final = ROOT / "static" / "icons" / "icons.txt"

# Tabler ships every widget it knows. These are not used by any page: plain <details>, <dialog>
# and our own top bar stand in for them. Dropping them halves the first load.
BRANDS: Final = (
    "x twitter facebook google youtube vimeo dribbble github instagram pinterest vk rss flickr "
    "bitbucket tabler linkedin"
)
WIDGETS: Final = (
    "navbar offcanvas carousel popover tooltip bs-popover bs-tooltip toast modal accordion otp "
    "signal calendar vc sparkline sortable chart apexcharts ribbon jvm noUi plyr dropzone dz tox "
    "hljs flag payment social ts fc flatpickr litepicker strength gallery markdown countup leaflet "
    "mapbox star-rating gl-star chat nav-segmented switch-icon tracking demo clipboard settings "
    "form-colorinput form-imagecheck card-stacked card-rotate bg-gradient-from bg-gradient-to "
    "object-fit-sm object-fit-md object-fit-xl object-fit-xxl icon-tada icon-pulse icon-rotate "
    "range"
)
UNUSED_CLASSES: Final = WIDGETS.split() + [
    f"{part}-{brand}" for part in ("bg", "text", "btn", "status") for brand in BRANDS.split()
]
_UNUSED: Final = re.compile(
    r"\.(?:" + "|".join(map(re.escape, UNUSED_CLASSES)) + r")(?![a-zA-Z0-9])"
)
_UNUSED_ATTRIBUTE: Final = re.compile(r"\[data-(?:vc|bs-toggle=tooltip)")
# Braces inside quotes belong to drawings in data: addresses; the first two choices swallow them.
_MARK: Final = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[{};]")
_NEGATION: Final = re.compile(r":not\([^)]*\)")
_SOURCE_MAP: Final = re.compile(r"\s*/[/*][#@] ?sourceMappingURL=.*?(?:\*/)?\s*$")
_CONDITIONAL: Final = ("@media", "@supports", "@layer", "@container")

MIT_OF_TABLER: Final = """MIT License

Copyright (c) 2018-2026 The Tabler Authors
Copyright (c) 2018-2026 codecalm.net Paweł Kuna

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute,
sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or
substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT
OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


@dataclass(frozen=True, slots=True)
class Package:
    """One npm package and the files of it that pages need."""

    name: str
    version: str
    licence: str
    folder: str
    files: tuple[str, ...]
    licence_file: str | None = "LICENSE"

    @property
    def archive(self) -> str:
        """Name that ``npm pack`` gives the package."""
        return f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}.tgz"


PACKAGES: Final = (
    Package("@tabler/core", "1.6.1", "MIT", "tabler", ("dist/css/tabler.min.css",), None),
    Package(
        "tom-select",
        "2.6.2",
        "Apache-2.0",
        "tom-select",
        ("dist/js/tom-select.base.min.js", "dist/css/tom-select.bootstrap5.min.css"),
    ),
    Package(
        "@fontsource/be-vietnam-pro",
        "5.3.0",
        "OFL-1.1",
        "be-vietnam-pro",
        tuple(
            f"files/be-vietnam-pro-{script}-{weight}-normal.woff2"
            for script in ("latin", "vietnamese")
            for weight in (400, 600)
        ),
    ),
    Package("@tabler/icons", "3.51.0", "MIT", "tabler-icons", ()),
)


def read(archive: Path, member: str) -> bytes:
    """Bytes of one file inside an npm archive."""
    with tarfile.open(archive) as tar:
        stream = tar.extractfile(f"package/{member}")
        if stream is None:
            message = f"{archive.name} holds no {member}"
            raise FileNotFoundError(message)
        return stream.read()


def split_blocks(css: str) -> list[tuple[str, str | None]]:
    """Split minified CSS into (prelude, body) pairs; body None for a plain statement."""
    blocks: list[tuple[str, str | None]] = []
    start = depth = body_start = 0
    for mark in _MARK.finditer(css):
        character, position = mark.group(), mark.start()
        if character == "{":
            depth += 1
            body_start = position + 1 if depth == 1 else body_start
        elif character == "}":
            depth -= 1
            if depth == 0:
                blocks.append((css[start : body_start - 1], css[body_start:position]))
                start = position + 1
        elif character == ";" and depth == 0:
            blocks.append((css[start : position + 1], None))
            start = position + 1
    return blocks


def split_selectors(prelude: str) -> list[str]:
    """Split a selector list at its top-level commas."""
    parts, depth, start = [], 0, 0
    for position, character in enumerate(prelude):
        depth += (character in "([") - (character in ")]")
        if character == "," and depth == 0:
            parts.append(prelude[start:position])
            start = position + 1
    return [*parts, prelude[start:]]


def is_unused(selector: str) -> bool:
    """Whether a selector can only match a widget no page has."""
    bare = _NEGATION.sub("", selector)
    return bool(_UNUSED.search(bare) or _UNUSED_ATTRIBUTE.search(bare))


def without_unused(css: str) -> str:
    """Drop the rules whose every selector names a widget no page has."""
    kept: list[str] = []
    for prelude, body in split_blocks(css):
        if body is None:
            kept.append(prelude)
        elif prelude.startswith(_CONDITIONAL):
            inner = without_unused(body)
            if inner:
                kept.append(f"{prelude}{{{inner}}}")
        elif prelude.startswith("@"):
            kept.append(f"{prelude}{{{body}}}")
        else:
            selectors = [s for s in split_selectors(prelude) if not is_unused(s)]
            if selectors and body:
                kept.append(f"{','.join(selectors)}{{{body}}}")
    return "".join(kept)


def prepared(member: str, content: bytes) -> tuple[bytes, str]:
    """The bytes to commit and, in words, what was changed in them."""
    if member.endswith(".woff2"):
        return content, ""
    text = _SOURCE_MAP.sub("\n", content.decode())
    if member.endswith("tabler.min.css"):
        return without_unused(text).encode() + b"\n", "unused widgets and source map removed"
    return text.encode(), "source map line removed"


def vendor(package: Package, archives: Path) -> dict[str, object]:
    """Write one package's files and return its entry for VENDOR.json."""
    archive = archives / package.archive
    target = VENDOR / f"{package.folder}-{package.version}"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    entries = []
    for member in package.files:
        source = read(archive, member)
        content, change = prepared(member, source)
        (target / Path(member).name).write_bytes(content)
        entries.append(
            {
                "file": f"{target.name}/{Path(member).name}",
                "source": member,
                "source_sha256": hashlib.sha256(source).hexdigest(),
                "sha256": hashlib.sha256(content).hexdigest(),
                "changed": change,
            }
        )
    licence = (
        read(archive, package.licence_file) if package.licence_file else MIT_OF_TABLER.encode()
    )
    (target / "LICENSE").write_bytes(licence)
    return {
        "name": package.name,
        "version": package.version,
        "licence": package.licence,
        "source": f"npm:{package.name}@{package.version}",
        "archive_sha256": hashlib.sha256(archive.read_bytes()).hexdigest(),
        "licence_file": f"{target.name}/LICENSE",
        "licence_sha256": hashlib.sha256(licence).hexdigest(),
        "files": entries,
    }


def build_sprite(archive: Path) -> None:
    """Write one SVG file with a symbol per name of ``icons.txt``."""
    symbols = []
    for name in sorted(set(ICON_LIST.read_text().split())):
        svg = read(archive, f"icons/outline/{name}.svg").decode()
        paths = re.findall(r"<(?:path|circle|rect|line)[^>]*/>", svg)
        drawn = "".join(path for path in paths if 'stroke="none"' not in path)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{drawn}</symbol>')
    SPRITE.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
    )


def main() -> None:
    """Rebuild everything from the archives in the folder given."""
    archives = Path(sys.argv[1])
    entries = [vendor(package, archives) for package in PACKAGES]
    build_sprite(archives / PACKAGES[-1].archive)
    (VENDOR / "VENDOR.json").write_text(json.dumps(entries, indent=2, ensure_ascii=False) + "\n")
    dependencies = {package.name: package.version for package in PACKAGES}
    manifest = {
        "private": True,
        "description": "Sources of static/vendor; see tools/vendor_assets.py",
    }
    (VENDOR / "package.json").write_text(
        json.dumps({**manifest, "dependencies": dependencies}, indent=2) + "\n"
    )


if __name__ == "__main__":
    main()

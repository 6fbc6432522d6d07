"""Vendored files are what they claim to be; no page or style reaches for another host."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"
PACKAGES = json.loads((VENDOR / "VENDOR.json").read_text())
# Mails are read in mail programs, which know only inline styles.
TEMPLATES = sorted(p for p in (ROOT / "templates").rglob("*.html") if "emails" not in p.parts)
OWN = sorted((STATIC / "css").glob("*.css")) + sorted((STATIC / "js").glob("*.js"))

ASSET_ELSEWHERE = re.compile(r"""(?:src|srcset|poster|data)\s*=\s*["'](?:https?:)?//""")
LINK_ELSEWHERE = re.compile(r"""<link\b[^>]*href\s*=\s*["'](?:https?:)?//""")
CSS_ELSEWHERE = re.compile(r"""(?:url\(\s*["']?|@import\s+["'])(?:https?:)?//""")
INLINE_STYLE = re.compile(r"<style\b|\sstyle\s*=")
INLINE_HANDLER = re.compile(r"\son[a-z]+\s*=\s*[\"']|javascript:")
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL)
ICON = re.compile(r"""\{%\s*icon\s+["']([^"']+)["']""")
ICON_PARAMETER = re.compile(r"""\b(?:\w+_)?icon(?:_name)?=["']([a-z0-9-]+)["']""")


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
def test_vendored_files_have_their_checksums(package):
    for entry in package["files"]:
        assert sha256(VENDOR / entry["file"]) == entry["sha256"], entry["file"]
    assert sha256(VENDOR / package["licence_file"]) == package["licence_sha256"]


def test_nothing_is_vendored_without_an_entry():
    known = {entry["file"] for package in PACKAGES for entry in package["files"]}
    known |= {package["licence_file"] for package in PACKAGES}
    known |= {"VENDOR.json", "package.json"}
    found = {str(p.relative_to(VENDOR)) for p in VENDOR.rglob("*") if p.is_file()}
    assert found == known


def test_package_json_names_the_vendored_versions():
    manifest = json.loads((VENDOR / "package.json").read_text())["dependencies"]
    assert manifest == {package["name"]: package["version"] for package in PACKAGES}


@pytest.mark.parametrize("template", TEMPLATES, ids=relative)
def test_template_needs_no_other_host_and_no_inline_code(template):
    text = template.read_text()
    assert not ASSET_ELSEWHERE.search(text)
    assert not LINK_ELSEWHERE.search(text)
    assert not INLINE_STYLE.search(text)
    assert not INLINE_HANDLER.search(text)


@pytest.mark.parametrize("template", TEMPLATES, ids=relative)
def test_template_holds_scripts_only_as_files_or_data(template):
    for attributes, body in SCRIPT.findall(template.read_text()):
        is_data = 'type="application/json"' in attributes
        assert is_data or ("src=" in attributes and not body.strip())


@pytest.mark.parametrize("path", [*OWN, *sorted(VENDOR.rglob("*.css"))], ids=relative)
def test_styles_and_scripts_fetch_from_no_other_host(path):
    assert not CSS_ELSEWHERE.search(path.read_text())


def test_fonts_named_by_the_stylesheet_exist():
    sheet = STATIC / "css" / "nhipcau.css"
    fonts = re.findall(r'url\("([^"]+\.woff2)"\)', sheet.read_text())
    assert len(fonts) == 4
    assert all((sheet.parent / font).is_file() for font in fonts)


def test_icons_used_are_in_the_sprite():
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons" / "sprite.svg").read_text()))
    sources = TEMPLATES + sorted((ROOT / "core" / "web").glob("*.py"))
    used: set[str] = set()
    for path in sources:
        text = path.read_text()
        used |= set(ICON.findall(text)) | set(ICON_PARAMETER.findall(text))
    tones = (ROOT / "core" / "web" / "tones.py").read_text()
    used |= set(re.findall(r'StatusLook\("\w+", "([^"]+)"', tones))
    assert len(used) > 30
    assert used - sprite == set()


def test_own_classes_used_by_pages_are_in_the_stylesheet():
    sheet = (STATIC / "css" / "nhipcau.css").read_text()
    defined = set(re.findall(r"\.(nc-[a-z0-9-]+)", sheet))
    used: dict[str, str] = {}
    for path in TEMPLATES:
        for value in re.findall(r'class="([^"]*)"', path.read_text()):
            written = re.sub(r"\{\{.*?\}\}", "\0", value)
            for name in re.findall(r"(?<![\w-])nc-[a-z0-9-]*[a-z0-9](?![\w\0-])", written):
                used.setdefault(name, relative(path))
    assert {name: path for name, path in used.items() if name not in defined} == {}


def test_first_load_stays_small():
    """Style, scripts, fonts and icons of a first visit, compressed as they are served."""
    brotli = pytest.importorskip("brotli")
    htmx = Path(pytest.importorskip("django_htmx").__file__).parent / "static/django_htmx"
    texts = [
        *OWN,
        VENDOR / "tabler-1.6.1" / "tabler.min.css",
        STATIC / "icons" / "sprite.svg",
        htmx / "htmx-2.min.js",
    ]
    weight = sum(len(brotli.compress(path.read_bytes())) for path in texts)
    weight += sum(path.stat().st_size for path in VENDOR.rglob("*.woff2"))
    assert weight <= 140 * 1024

"""Keys and versions in attributes are written plainly: 1473, never 1.473 as people read it."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
KEY = re.compile(
    r'(?:value|id|for|href)="[^"]*?(\{\{ (?:(?:[a-z_]+\.)+(?:pk|id|version|[a-z]+_id)|chosen_list)'
    r'(?:\|default:"")? \}\})'
)
MADE_BY_FORMS = {"{{ attrs.id }}", "{{ field.auto_id }}"}


def test_no_template_groups_the_digits_of_a_key():
    found = [
        f"{path.relative_to(ROOT)}: {written}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for written in KEY.findall(path.read_text(encoding="utf-8"))
        if written not in MADE_BY_FORMS
    ]
    assert found == [], 'append |stringformat:"s": a key from 1000 on is not found otherwise'

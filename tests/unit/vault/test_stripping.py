"""Place and camera data go, pixels stay bit for bit, and nothing hides behind the end."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from core.vault.content.stripping import (
    UnreadableError,
    stripped_jpeg,
    stripped_png,
    stripped_webp,
)
from tests.unit.vault.pictures import GPS_IFD, ORIENTATION, PLACE, photo, pixels

STRIP = {"JPEG": stripped_jpeg, "PNG": stripped_png, "WEBP": stripped_webp}
KINDS = sorted(STRIP)


def said(raw: bytes) -> tuple[dict, dict, int]:
    """Everything a picture says of itself: its EXIF, its place, its way up."""
    with Image.open(io.BytesIO(raw)) as picture:
        exif = picture.getexif()
        return dict(exif), dict(exif.get_ifd(GPS_IFD)), exif.get(ORIENTATION, 1)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("orientation", [1, 6])
def test_place_and_camera_go_and_pixels_stay(kind, orientation):
    taken = photo(kind, orientation=orientation)
    assert said(taken)[1], "the made picture has to say where it was taken"
    bare = STRIP[kind](taken)
    exif, place, turned = said(bare)
    assert place == {}
    assert turned == orientation
    assert set(exif) <= {ORIENTATION}
    assert pixels(bare) == pixels(taken)
    for word in (b"Nokia", PLACE.encode(), b"farmer", b"<x>", b"GPS"):
        assert word not in bare


@pytest.mark.parametrize("kind", KINDS)
def test_stripping_twice_changes_nothing_more(kind):
    bare = STRIP[kind](photo(kind, orientation=3))
    assert STRIP[kind](bare) == bare


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tail", [b"PK\x03\x04 a zip", b"<script>alert(1)</script>", b"\0" * 99])
def test_what_follows_the_end_goes(kind, tail):
    taken = photo(kind)
    assert STRIP[kind](taken + tail) == STRIP[kind](taken)


def test_a_progressive_jpeg_with_restarts_stays_whole():
    taken = photo("JPEG", size=(200, 120), progressive=True, restart_marker_blocks=2)
    bare = stripped_jpeg(taken)
    assert b"\xff\xd0" in bare
    assert pixels(bare) == pixels(taken)


def test_colours_stay_where_they_are_described():
    profile = b"\0" * 128
    assert b"ICC_PROFILE" in stripped_jpeg(photo("JPEG", icc_profile=profile))


@pytest.mark.parametrize("kind", KINDS)
def test_cut_off_anywhere_is_refused_or_shorter_never_an_accident(kind):
    taken = photo(kind)
    for length in range(12, len(taken), max(len(taken) // 60, 1)):
        try:
            STRIP[kind](taken[:length])
        except (UnreadableError, IndexError):
            continue
        assert kind == "WEBP", length


def test_a_webp_that_moves_is_refused():
    out = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    with pytest.raises(UnreadableError):
        stripped_webp(out.getvalue())

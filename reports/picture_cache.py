"""Pictures as WeasyPrint keeps them from paper to paper: an emblem is decoded once and encoded once.

``weasyprint.images.RasterImage._get_png_data`` is private to WeasyPrint: the version is locked, and a test
says so when it changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from weasyprint.images import RasterImage


def encode_once(kept: Iterable[Any]) -> None:
    """The pictures among these are compressed for their first file only."""
    for image in kept:
        if isinstance(image, RasterImage) and "_get_png_data" not in vars(image):
            image._get_png_data = partial(_encoded, {})


def forget(kept: dict[str, Any], url: str) -> None:
    """Take out a picture, with everything that was made of it."""
    image = kept.pop(url, None)
    if image is not None:
        for name in [name for name in kept if name.startswith(f"{image.id}-")]:
            del kept[name]


def _encoded(known: dict[str, bytes], picture: Any) -> bytes:
    """``known``: one picture's colours and its transparency, each by its mode."""
    if picture.mode not in known:
        known[picture.mode] = RasterImage._get_png_data(picture)
    return known[picture.mode]

"""Build the letter font and the placeholder emblem that the product ships (reports/assets).

Input: the folder of an unpacked ``@fontsource/sarabun`` (OFL-1.1), from ``npm pack @fontsource/sarabun``.

    python scripts/build_letter_fonts.py PACKAGE_FOLDER

Thai and Latin subsets become one font for each weight. Three changes make the text of a PDF come out as it
went in, and change nothing to the eye:

- nikhahit (with or without a tone mark) and the following sara aa, into which shapers split sara am, become
  one glyph, so that no glyph stands for two different texts;
- an upper vowel and the tone mark on it become one mark, because a tone mark far left of its consonant's end
  (on ป ฝ ฟ) reads as the end of a word;
- marks above and below sit a little off the baseline's origin, their anchors with them, so that extractors
  which sort glyphs by position keep the order of marks.

The family is renamed, as a changed font must be that keeps clear of the original's name.
"""

from __future__ import annotations

import sys
from copy import deepcopy
from io import BytesIO
from math import cos, pi, sin
from pathlib import Path
from typing import Any

from fontTools.merge import Merger
from fontTools.otlLib.builder import buildLigatureSubstSubtable, buildLookup
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw

FAMILY = "ITA Letter"
WEIGHTS = {400: "Regular", 700: "Bold"}
ASSETS = Path(__file__).parents[1] / "reports" / "assets"

SARA_AA = "uni0E32"
NIKHAHIT = ("uni0E4D", "uni0E4D0E48", "uni0E4D0E49", "uni0E4D0E4A", "uni0E4D0E4B")
UPPER_VOWELS = ("uni0E31", "uni0E34", "uni0E35", "uni0E36", "uni0E37")
TONES = ("uni0E48", "uni0E49", "uni0E4A", "uni0E4B", "uni0E4C")
#: units by which marks move, right and up, together with their anchors
ACROSS, UP = 10, 30
BASE_CLASS, MARK_CLASS = 1, 3
#: a fixed time (seconds since 1904), so that the same input gives the same bytes
FONT_TIME = 3_800_000_000


def main(package: Path) -> None:
    """Write both fonts, their licence and the emblem."""
    fonts = ASSETS / "fonts"
    fonts.mkdir(parents=True, exist_ok=True)
    for weight, style in WEIGHTS.items():
        font = merged(package / "files", weight)
        shift_marks(font)
        join_sara_am(font)
        join_vowel_and_tone(font)
        rename(font, style)
        font.save(fonts / f"ITALetter-{style}.ttf")
        print(f"ITALetter-{style}.ttf: {len(font.getGlyphOrder())} glyphs")
    licence = (package / "LICENSE").read_text(encoding="utf-8")
    note = f"{FAMILY} is a modified version of Sarabun, made by scripts/build_letter_fonts.py.\n\n"
    (fonts / "OFL.txt").write_text(note + licence, encoding="utf-8")
    (ASSETS / "emblem-placeholder.png").write_bytes(placeholder_emblem())


def merged(files: Path, weight: int) -> TTFont:
    """Thai and Latin of one weight as one font."""
    parts = []
    for subset in ("thai", "latin"):
        font = TTFont(files / f"sarabun-{subset}-{weight}-normal.woff2")
        font.flavor = None
        plain = BytesIO()
        font.save(plain)
        plain.seek(0)
        parts.append(plain)
    font = Merger().merge(parts)
    font.recalcTimestamp = False
    font["head"].created = font["head"].modified = FONT_TIME
    return font


def _mark_subtables(font: TTFont) -> list[Any]:
    tables = []
    for lookup in font["GPOS"].table.LookupList.Lookup:
        for entry in lookup.SubTable:
            table = getattr(entry, "ExtSubTable", entry)
            if type(table).__name__ in ("MarkBasePos", "MarkMarkPos"):
                tables.append(table)
    return tables


def shift_marks(font: TTFont) -> None:
    """Move every Thai mark inside its glyph with all anchors that lie on it: nothing moves on paper."""
    glyf = font["glyf"]
    moved = {
        name
        for name, kind in font["GDEF"].table.GlyphClassDef.classDefs.items()
        if kind == MARK_CLASS and name.startswith("uni0E")
    }
    for name in moved:
        _move(glyf, font["hmtx"], name, moved)
    seen: set[int] = set()
    for table in _mark_subtables(font):
        if type(table).__name__ == "MarkBasePos":
            _lift(table.MarkCoverage, [[r.MarkAnchor] for r in table.MarkArray.MarkRecord], moved, seen)
        else:
            _lift(table.Mark1Coverage, [[r.MarkAnchor] for r in table.Mark1Array.MarkRecord], moved, seen)
            _lift(table.Mark2Coverage, [r.Mark2Anchor for r in table.Mark2Array.Mark2Record], moved, seen)


def _move(glyf: Any, hmtx: Any, name: str, moved: set[str]) -> None:
    glyph = glyf[name]
    if glyph.isComposite():
        for component in glyph.components:
            if component.glyphName not in moved:
                component.x += ACROSS
                component.y += UP
    elif glyph.numberOfContours:
        glyph.coordinates.translate((ACROSS, UP))
    glyph.recalcBounds(glyf)
    if hasattr(glyph, "xMin"):
        hmtx[name] = (hmtx[name][0], glyph.xMin)


def _lift(coverage: Any, anchors: list[list[Any]], moved: set[str], seen: set[int]) -> None:
    for name, held in zip(coverage.glyphs, anchors, strict=True):
        for anchor in held:
            if name in moved and anchor is not None and id(anchor) not in seen:
                seen.add(id(anchor))
                anchor.XCoordinate += ACROSS
                anchor.YCoordinate += UP


def join_sara_am(font: TTFont) -> None:
    """Add a glyph for each nikhahit (+ tone mark) with sara aa, and the ligature that makes it."""
    ligatures = {}
    for name in (f"{base}{variant}" for base in NIKHAHIT for variant in ("", ".narrow")):
        if name not in font.getGlyphOrder():
            continue
        joined = f"am.{name}"
        _compose(font, joined, [(name, *_place_over_consonant(font, name)), (SARA_AA, 0, 0)])
        font["hmtx"][joined] = (font["hmtx"][SARA_AA][0], font["glyf"][joined].xMin)
        font["GDEF"].table.GlyphClassDef.classDefs[joined] = BASE_CLASS
        ligatures[(name, SARA_AA)] = joined
    _add_ligatures(font, ligatures)


def join_vowel_and_tone(font: TTFont) -> None:
    """Add one mark for each upper vowel with a tone mark or thanthakhat on it, placed as the vowel is."""
    ligatures = {}
    for vowel in (f"{base}{variant}" for base in UPPER_VOWELS for variant in ("", ".narrow")):
        for tone in (f"{base}.small" for base in TONES):
            joined = f"{vowel}_{tone}"
            _compose(font, joined, [(vowel, 0, 0), (tone, *_place_on_mark(font, tone, vowel))])
            font["hmtx"][joined] = (0, font["glyf"][joined].xMin)
            font["GDEF"].table.GlyphClassDef.classDefs[joined] = MARK_CLASS
            _place_like(font, joined, vowel)
            ligatures[(vowel, tone)] = joined
    _add_ligatures(font, ligatures)


def _compose(font: TTFont, name: str, parts: list[tuple[str, int, int]]) -> None:
    """Add a glyph made of others, each moved."""
    pen = TTGlyphPen(font.getGlyphSet())
    for part, across, up in parts:
        pen.addComponent(part, (1, 0, 0, 1, across, up))
    order = [*font.getGlyphOrder(), name]
    font.setGlyphOrder(order)
    glyf = font["glyf"]
    glyf.glyphs[name] = pen.glyph()
    glyf.glyphOrder = order
    glyf[name].recalcBounds(glyf)
    font["maxp"].numGlyphs = len(order)


def _place_like(font: TTFont, joined: str, vowel: str) -> None:
    """Give the joined mark the vowel's anchor on consonants."""
    for table in _mark_subtables(font):
        if type(table).__name__ == "MarkBasePos" and vowel in table.MarkCoverage.glyphs:
            record = table.MarkArray.MarkRecord[table.MarkCoverage.glyphs.index(vowel)]
            table.MarkCoverage.glyphs.append(joined)
            table.MarkArray.MarkRecord.append(deepcopy(record))
            table.MarkArray.MarkCount = len(table.MarkArray.MarkRecord)


def _place_on_mark(font: TTFont, tone: str, vowel: str) -> tuple[int, int]:
    """Where the tone mark lies, seen from the origin of the vowel under it."""
    for table in _mark_subtables(font):
        if type(table).__name__ != "MarkMarkPos":
            continue
        if tone in table.Mark1Coverage.glyphs and vowel in table.Mark2Coverage.glyphs:
            record = table.Mark1Array.MarkRecord[table.Mark1Coverage.glyphs.index(tone)]
            under = table.Mark2Array.Mark2Record[table.Mark2Coverage.glyphs.index(vowel)]
            anchor = under.Mark2Anchor[record.Class]
            if anchor is not None:
                return (
                    anchor.XCoordinate - record.MarkAnchor.XCoordinate,
                    anchor.YCoordinate - record.MarkAnchor.YCoordinate,
                )
    raise LookupError(f"no anchor for {tone} on {vowel}")


def _place_over_consonant(font: TTFont, mark: str) -> tuple[int, int]:
    """Where the mark lies, seen from the end of its consonant (in Sarabun nearly equal for all)."""
    consonant = "uni0E1B" if mark.endswith(".narrow") else "uni0E01"
    for table in _mark_subtables(font):
        if type(table).__name__ != "MarkBasePos" or mark not in table.MarkCoverage.glyphs:
            continue
        record = table.MarkArray.MarkRecord[table.MarkCoverage.glyphs.index(mark)]
        if consonant not in table.BaseCoverage.glyphs:
            continue
        base = table.BaseArray.BaseRecord[table.BaseCoverage.glyphs.index(consonant)]
        anchor = base.BaseAnchor[record.Class]
        if anchor is None:
            continue
        across = anchor.XCoordinate - font["hmtx"][consonant][0] - record.MarkAnchor.XCoordinate
        return across, anchor.YCoordinate - record.MarkAnchor.YCoordinate
    raise LookupError(f"no anchor for {mark} on {consonant}")


def _add_ligatures(font: TTFont, ligatures: dict[tuple[str, str], str]) -> None:
    table = font["GSUB"].table
    table.LookupList.Lookup.append(buildLookup([buildLigatureSubstSubtable(ligatures)], flags=0))
    table.LookupList.LookupCount = len(table.LookupList.Lookup)
    done: set[int] = set()
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag == "liga" and id(record.Feature) not in done:
            done.add(id(record.Feature))
            record.Feature.LookupListIndex.append(table.LookupList.LookupCount - 1)
            record.Feature.LookupCount = len(record.Feature.LookupListIndex)


def rename(font: TTFont, style: str) -> None:
    """Give the font its own name; copyright and licence stay."""
    name = font["name"]
    copyright_notice = name.getDebugName(0)
    name.names = []
    postscript = f"{FAMILY.replace(' ', '')}-{style}"
    texts = {
        0: copyright_notice,
        1: FAMILY,
        2: style,
        3: f"1.000;ITA;{postscript}",
        4: f"{FAMILY} {style}",
        5: "Version 1.000",
        6: postscript,
        10: "Modified version of Sarabun: subsets merged, joined glyphs for sara am and marks",
        13: "This Font Software is licensed under the SIL Open Font License, Version 1.1.",
        14: "https://openfontlicense.org",
    }
    for number, text in texts.items():
        name.setName(text, number, 3, 1, 0x409)


def placeholder_emblem(size: int = 709) -> bytes:
    """A neutral seal, 3 cm high at 600 dpi, black and white: a lotus in a ring. Not a Garuda."""
    scale = 4
    full = size * scale
    image = Image.new("L", (full, full), 255)
    draw = ImageDraw.Draw(image)
    centre = full / 2

    def ring(outer: float, inner: float) -> None:
        for radius, shade in ((outer, 0), (inner, 255)):
            reach = radius * full / 2
            draw.ellipse([centre - reach, centre - reach, centre + reach, centre + reach], fill=shade)

    ring(0.99, 0.95)
    ring(0.915, 0.90)
    for number in range(48):
        angle = 2 * pi * number / 48
        x, y, reach = (
            centre + cos(angle) * 0.84 * full / 2,
            centre + sin(angle) * 0.84 * full / 2,
            full * 0.008,
        )
        draw.ellipse([x - reach, y - reach, x + reach, y + reach], fill=0)
    ring(0.78, 0.765)
    foot = (centre, centre + full * 0.13)
    for tilt in (-78, 78, -54, 54, -28, 28, 0):
        _petal(draw, foot, tilt * pi / 180, full * 0.36)
    for step in range(3):
        width, y = full * (0.2 - 0.045 * step), foot[1] + full * (0.055 + 0.042 * step)
        draw.rounded_rectangle(
            [centre - width, y - full * 0.009, centre + width, y + full * 0.009], full * 0.009, fill=0
        )
    small = image.resize((size, size), Image.Resampling.LANCZOS).point(lambda v: 255 if v > 127 else 0)
    out = BytesIO()
    small.convert("1", dither=Image.Dither.NONE).save(out, "PNG", optimize=True, dpi=(600, 600))
    return out.getvalue()


def _petal(draw: ImageDraw.ImageDraw, foot: tuple[float, float], tilt: float, length: float) -> None:
    """A pointed leaf from the foot, black with a white heart."""
    for share, width, shade in ((1.0, 0.36, 0), (0.93, 0.30, 255), (0.62, 0.12, 0)):
        outline = []
        for side in (1, -1):
            steps = [n / 40 for n in range(41)]
            for t in steps if side == 1 else reversed(steps):
                along, out = t * length * share, side * width * length * share * sin(pi * t**1.25) ** 0.9 / 2
                outline.append(
                    (
                        foot[0] + along * sin(tilt) + out * cos(tilt),
                        foot[1] - along * cos(tilt) + out * sin(tilt),
                    )
                )
        draw.polygon(outline, fill=shade)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

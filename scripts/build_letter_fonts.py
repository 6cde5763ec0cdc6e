"""Build the letter font and the placeholder emblem that the product ships (reports/assets).

Input: the folder of an unpacked ``@fontsource/sarabun`` (OFL-1.1), from ``npm pack @fontsource/sarabun``.
Needs uharfbuzz, which nothing else does (``pip install uharfbuzz``).

    python scripts/build_letter_fonts.py PACKAGE_FOLDER

Thai and Latin subsets become one font for each weight. Then every consonant with the signs that may stand
above and below it, sara am among them, becomes one glyph, made of the glyphs that the shaper chose, where it
put them. The eye sees what it saw, and whoever reads the text of a PDF sees a row of glyphs that each stand
beside the one before and have one text: no sign lies over its consonant, to be sorted elsewhere, taken for a
doubled letter, or held for the end of a word; no glyph stands for two texts.

The family is renamed, as a changed font must be that keeps clear of the original's name.
"""

from __future__ import annotations

import sys
from io import BytesIO
from math import cos, pi, sin
from pathlib import Path

import uharfbuzz
from fontTools.merge import Merger
from fontTools.otlLib.builder import buildLigatureSubstSubtable, buildLookup
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw

FAMILY = "ITA Letter"
WEIGHTS = {400: "Regular", 700: "Bold"}
ASSETS = Path(__file__).parents[1] / "reports" / "assets"

CONSONANTS = tuple(map(chr, range(0x0E01, 0x0E2F)))
UPPER, LOWER, TONES = "ัิีึื", "ุู", "่้๊๋"
SILENT, SARA_AM = "์", "ำ"
#: everything that is written over and under one consonant, in the order in which it is typed
SIGNS = (
    *(vowel + tone for vowel in UPPER + LOWER for tone in ("", *TONES, SILENT)),
    *(tone + sara_am for tone in ("", *TONES) for sara_am in ("", SARA_AM) if tone or sara_am),
    *"็์ฺํ๎",
)
BASE_CLASS = 1
#: a fixed time (seconds since 1904), so that the same input gives the same bytes
FONT_TIME = 3_800_000_000


def main(package: Path) -> None:
    """Write both fonts, their licence and the emblem."""
    fonts = ASSETS / "fonts"
    fonts.mkdir(parents=True, exist_ok=True)
    for weight, style in WEIGHTS.items():
        font = merged(package / "files", weight)
        join_syllables(font)
        add_hyphen_that_ends_no_line(font)
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


def join_syllables(font: TTFont) -> None:
    """Add a glyph for each consonant with its signs, and the ligature that makes it."""
    plain = BytesIO()
    font.save(plain)
    shaper = uharfbuzz.Font(uharfbuzz.Face(plain.getvalue()))
    ligatures = {}
    for text in (consonant + signs for consonant in CONSONANTS for signs in SIGNS):
        parts, width = _shaped(shaper, text)
        names = tuple(name for name, _across, _up in parts)
        if len(names) == 1 or names in ligatures:  # a sign that the font lacks, or knows together already
            raise LookupError(f"{text!r} is {names}")
        joined = "_".join(f"{ord(letter):04X}" for letter in text)
        _compose(font, joined, parts)
        font["hmtx"][joined] = (width, font["glyf"][joined].xMin)
        font["GDEF"].table.GlyphClassDef.classDefs[joined] = BASE_CLASS
        ligatures[names] = joined
    _add_ligatures(font, ligatures)
    font["post"].formatType = 3.0  # nobody reads the names of glyphs, and there are thousands


def add_hyphen_that_ends_no_line(font: TTFont) -> None:
    """Give U+2011 a hyphen of its own: extractors glue a line that ends in a plain one to the next."""
    name = "uni2011"
    _compose(font, name, [(font.getBestCmap()[ord("-")], 0, 0)])
    font["hmtx"][name] = (font["hmtx"][font.getBestCmap()[ord("-")]][0], font["glyf"][name].xMin)
    font["GDEF"].table.GlyphClassDef.classDefs[name] = BASE_CLASS
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[0x2011] = name


def _shaped(shaper: uharfbuzz.Font, text: str) -> tuple[list[tuple[str, int, int]], int]:
    """The glyphs of a syllable, each with its place, and how wide they are together."""
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(shaper, buffer)
    parts, x = [], 0
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        parts.append((shaper.glyph_to_string(info.codepoint), x + place.x_offset, place.y_offset))
        x += place.x_advance
    return parts, x


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
        10: "Modified version of Sarabun: subsets merged, a glyph for each consonant with its signs",
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

"""QR codes of survey links: SVG for screens, PNG for what people put on their own posters."""

from __future__ import annotations

from io import BytesIO

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M

QUIET = 4
#: rules for choosing the mask of a QR code cost forty times the drawing; any mask can be read
_MASK = 3


def matrix(url: str) -> list[list[bool]]:
    """The code's modules with the quiet zone of four around them; True is dark."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(url)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def qr_svg(url: str, *, title: str = "") -> str:
    """An SVG element that scales with its box, one path, without any style attribute (safe under our CSP)."""
    rows = matrix(url)
    path = "".join(
        f"M{column} {line}h{length}v1h-{length}z"
        for line, row in enumerate(rows)
        for column, length in _runs(row)
    )
    size = len(rows)
    label = f"<title>{_escaped(title)}</title>" if title else ""
    role = 'role="img"' if title else 'aria-hidden="true"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" {role} '
        f'shape-rendering="crispEdges">{label}<path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        f'<path fill="#000" d="{path}"/></svg>'
    )


def qr_png(url: str, *, module: int = 12) -> bytes:
    """A black and white PNG, ``module`` pixels for each square."""
    rows = matrix(url)
    size = len(rows)
    image = Image.new("1", (size, size), 1)
    image.putdata([0 if dark else 1 for row in rows for dark in row])
    out = BytesIO()
    image.resize((size * module, size * module), Image.Resampling.NEAREST).save(out, "PNG", optimize=True)
    return out.getvalue()


def small_png(text: str) -> bytes:
    """A code as a small PNG, a pixel for each square, drawn quickly: the printer makes it large."""
    return _plain_png(_quick_code(text))


def quick_png(text: str, *, module: int = 4) -> bytes:
    """As ``small_png``, with more pixels for each square, for paper that is looked at from afar."""
    image = _quick_code(text)
    return _plain_png(image.resize((image.width * module, image.height * module), Image.Resampling.NEAREST))


def _quick_code(text: str) -> Image.Image:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET, mask_pattern=_MASK)
    code.add_data(text, optimize=0)
    code.make(fit=True)
    rows = code.get_matrix()
    image = Image.new("1", (len(rows), len(rows)), 1)
    image.putdata([0 if dark else 1 for row in rows for dark in row])
    return image


def _plain_png(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    start: int | None = None
    for place, dark in enumerate([*row, False]):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            runs.append((start, place - start))
            start = None
    return runs


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

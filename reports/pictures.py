"""Pictures from outside: looked at before they are decoded, because a small file may hold a huge picture."""

from __future__ import annotations

import enum
import warnings
from io import BytesIO

from PIL import Image

#: an emblem is printed 3 cm high: 1,500 pixels are four times what a printer shows
MOST_PIXELS_ASIDE = 1500
MOST_BYTES = 200 * 1024


class PictureFault(enum.Enum):
    """Why a picture cannot be taken."""

    NO_PNG = "no_png"
    TOO_MANY_BYTES = "too_many_bytes"
    TOO_MANY_PIXELS = "too_many_pixels"
    DAMAGED = "damaged"


def fault_of(content: bytes) -> PictureFault | None:
    """What is wrong with an emblem; None for a whole PNG of a size that can be printed.

    The size is read from the header; pixels are decoded only after it has been found small.
    """
    if len(content) > MOST_BYTES:
        return PictureFault.TOO_MANY_BYTES
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(BytesIO(content), formats=("PNG",))
    except Image.DecompressionBombError:
        return PictureFault.TOO_MANY_PIXELS
    except Exception:  # a decoder raises what it likes at what is no picture
        return PictureFault.NO_PNG
    if max(picture.size) > MOST_PIXELS_ASIDE:
        return PictureFault.TOO_MANY_PIXELS
    try:
        picture.verify()  # every part is whole
        Image.open(BytesIO(content), formats=("PNG",)).load()
    except Exception:
        return PictureFault.DAMAGED
    return None

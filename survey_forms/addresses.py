"""Addresses as chats and hands leave them: a link's code is found again in what came.

A code has a fixed length and no signs that look alike, so it can be told from what was put around or into it.
"""

from __future__ import annotations

import re
import unicodedata

from models.thai import arabic_digits
from portal.ballot.links import ALPHABET, CODE_LENGTH

#: letters of other scripts that a keyboard or a scanner puts for Latin ones
_LOOK_ALIKE = str.maketrans("асекмнрвтухѕјԁԛԝһκνρυχτ", "acekmhpbtyxsjdqwhkvpuxt")
#: what stands inside a code that was wrapped, hyphenated or marked
_BETWEEN = re.compile(r"[\s\-_*~`\u00ad\u034f\u200b-\u200f\u2010-\u2015\u202a-\u202e\u2060-\u2064\ufeff]+")
_CODE = re.compile(f"[{ALPHABET}]{{{CODE_LENGTH}}}")
#: nobody glues more than a sentence to a link
_MOST = 400


def mended(came: str) -> str:
    """The code in what came after ``/s/``; "" where none can be in it.

    Taken away: spaces, line ends, hyphens and unseen signs inside, whatever stands before and after. Read as
    what they stand for: capitals, full-width letters, Thai digits, look-alike letters of other scripts.
    """
    plain = arabic_digits(unicodedata.normalize("NFKC", came[:_MOST])).casefold()
    plain = _BETWEEN.sub("", plain.translate(_LOOK_ALIKE))
    found = _CODE.search(plain)
    return found[0] if found else ""

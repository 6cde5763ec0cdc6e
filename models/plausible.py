"""Whether a number of people is strange beside others: it asks for a second look and refuses nothing."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, exp, floor, log
from statistics import median

#: with fewer others nothing is said of what is usual
FEWEST = 20
#: Iglewicz and Hoaglin (1993): a modified z-score above this is an outlier; 0.6745 makes it a z-score
OUTLIER, NORMAL = 3.5, 0.6745
#: a choice of this product: half or double is never strange beside others, however alike these are
ROOM = 2.0
#: and so are the staff of two years: up to half as many more or fewer, and a handful at a small office
JUMP, HANDFUL = 1.5, 10


def usual(others: Sequence[int]) -> tuple[int, int] | None:
    """The least and the most that is not strange beside the others; None beside too few.

    Sizes of offices are skewed, so it is their logarithms that are compared: by the median and the median
    absolute deviation (MAD), which a few wrong numbers do not move. Strange is x with
    0.6745 * |ln x - median| / MAD > 3.5, and at least half or double the median.
    """
    logs = [log(one) for one in others if one > 0]
    if len(logs) < FEWEST:
        return None
    middle = median(logs)
    spread = OUTLIER * median(abs(one - middle) for one in logs) / NORMAL
    width = max(spread, log(ROOM))
    # the numbers themselves come back from their logarithms: not a hair beside the whole number
    return ceil(exp(middle - width) - 1e-9), floor(exp(middle + width) + 1e-9)


def jumps(number: int, before: int) -> bool:
    """True for a number that last year's cannot have become by people who come and go: more than half as many
    more or fewer, and more than a handful."""
    least, most = sorted((number, before))
    return most - least >= HANDFUL and most > JUMP * least

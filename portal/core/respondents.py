"""The respondents' door by its addresses: what comes in there leaves no line, no label and no moment."""

from __future__ import annotations

#: what every address of the respondents' door begins with: it reads no cookie, and has a lane of its own
SURVEYS = "/s/"
#: the blueprint whose pages respondents see
ROOM = "survey"


def is_of_a_respondent(path: str) -> bool:
    """True for an address of a survey, also for one that chats and hands have bent (``//S/...``)."""
    return f"{path.strip().lstrip('/').lower()}/".startswith(SURVEYS.lstrip("/"))

"""Which guides there are, whose they are, and where a place is found for a role."""

from __future__ import annotations

from functools import cache

from config import ROOT
from models.account import Role
from portal.help.reading import Guide, read

FOLDER = ROOT / "docs" / "guide"
PICTURES = FOLDER / "pictures"

#: the guide of each role
GUIDE_OF: dict[Role, str] = {
    Role.AGENCY_ADMIN: "agency-admin",
    Role.EXECUTIVE: "executive",
    Role.PROVINCE: "province",
    Role.ASSESSOR: "assessor",
    Role.INTERVIEWER: "assessor",
    Role.DLA: "dla",
    Role.NACC: "nacc",
}
#: what every role does alike; a role's own guide comes before it
SHARED = ("every-desk", "own-page")
#: the text that letters enclose (portal/letters/words/procedure.py)
PROCEDURE = "procedure"
#: what strangers read too: nothing in it is about a desk
OPEN = ("coming-in", "respondent")
#: in the order of a list
GUIDES = (*dict.fromkeys(GUIDE_OF.values()), *SHARED, PROCEDURE, *OPEN)


@cache
def guide(name: str) -> Guide:
    """A guide by the name of its file, read once for a process. Raises KeyError where there is none."""
    if name not in GUIDES:
        raise KeyError(name)
    return read(name, (FOLDER / f"{name}.md").read_text())


def for_role(role: Role | None) -> list[Guide]:
    """All guides: one's own first, then what every role needs, then the others'."""
    own = GUIDE_OF.get(role) if role else None
    nearest = [name for name in (own, *SHARED, PROCEDURE) if name]
    return [guide(name) for name in dict.fromkeys((*nearest, *GUIDES))]


def guide_with(place: str, role: Role | None) -> str | None:
    """In which guide somebody of this role reads of the place: the own one, else a shared one, else None."""
    own = GUIDE_OF.get(role) if role else None
    for name in (own, *SHARED):
        if name and place in guide(name).places:
            return name
    return None


@cache
def pictures() -> frozenset[str]:
    """The files that guides may show."""
    return frozenset(path.name for path in PICTURES.glob("*.png"))

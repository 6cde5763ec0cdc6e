"""Texts that a round may word itself beside the respondents' pages: of interviews, notices at home.

Rows as ``public_texts`` has them: where it stands, its key, the product's words, and what may be filled
into a text that the product does not have.
"""

from __future__ import annotations

from portal.core.texts import lazy

INTERVIEW, HOME = "interview", "home"
#: what a notice of a stage may name: its last day, and the fiscal year
OF_A_STAGE = ("until", "year")

NOTICES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (
        INTERVIEW,
        "!interview.first",
        "We interview for the integrity assessment of this agency. The answers are kept without your name,"
        " and you may leave out any question or stop at any time.",
        (),
    ),
    (HOME, "notice.draft", "NACC is preparing the round; the work begins once it is open", ()),
    (HOME, "notice.preparation", "", OF_A_STAGE),
    (HOME, "notice.preparation_closes", "The preparation stage closes on %(when)s", ()),
    (
        HOME,
        "notice.preparation_window",
        "This window of the preparation stage closes on %(when)s",
        (),
    ),
    (
        HOME,
        "notice.steps_left",
        "%(left)s steps are left: an agency that is not complete in time cannot be assessed",
        (),
    ),
    (HOME, "notice.not_assessable", "This agency cannot be assessed in this round", ()),
    (HOME, "notice.not_confirmed", "The data were not confirmed by %(when)s", ()),
    (HOME, "notice.iit", "", OF_A_STAGE),
    (HOME, "notice.eit", "", OF_A_STAGE),
    (HOME, "notice.eit_interview", "", OF_A_STAGE),
    (HOME, "notice.oit", "", OF_A_STAGE),
    (HOME, "notice.oit_scoring", "", OF_A_STAGE),
    (HOME, "notice.closed", "The round is closed; its results appear once the boxes are opened", ()),
    (
        HOME,
        "notice.not_in_round",
        "Choose another fiscal year at the top, or ask DLA if this is a mistake",
        (),
    ),
)
#: where a text without words of the product is shown
SHOWN: dict[str, object] = {
    "survey.notice_iit": lazy("An announcement above the form: shown only where the round writes one"),
    "survey.notice_eit": lazy("An announcement above the form: shown only where the round writes one"),
    "notice.preparation": lazy("At home of an agency while the preparation stage is open"),
    "notice.iit": lazy("At home of an agency while the IIT survey is open"),
    "notice.eit": lazy("At home of an agency while the EIT survey is open"),
    "notice.eit_interview": lazy("At home of assessors and interviewers while interviews are open"),
    "notice.oit": lazy("At home of an agency while OIT answers are open"),
    "notice.oit_scoring": lazy("At home of assessors while OIT scoring is open"),
}

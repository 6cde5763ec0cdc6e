"""The texts of the respondents' pages and of notices that a round may word itself.

Those that respondents read or hear may be there in further languages too; notices at home are Thai.

Named by keys that stay, since rounds keep them; each with the words of the product itself, in English.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.ballot.notice_texts import HOME, INTERVIEW, NOTICES
from portal.core.texts import _, lazy


@dataclass(frozen=True)
class PublicText:
    """A text of the respondents' pages. ``product``: as the code says it; "" where it says nothing.

    ``promise``: a fact of the system that is worded by the product only; it may be translated.
    ``fills``: what may be filled into a text that the product does not have.
    """

    key: str
    part: str
    product: str
    promise: bool = False
    fills: tuple[str, ...] = ()

    @property
    def translated(self) -> bool:
        """True where it may be there in further languages: respondents read or hear it."""
        return self.part != HOME

    @property
    def thai(self) -> str:
        """As the product says it in Thai."""
        return _(self.product) if self.product else ""


#: where the texts stand, as people choose among them
PARTS: dict[str, Any] = {
    "form": lazy("The form"),
    "id": lazy("The field of the citizen ID"),
    "sending": lazy("While sending, and what is to be mended"),
    "after": lazy("After sending"),
    "closed": lazy("When no answers are taken"),
    INTERVIEW: lazy("Interview by telephone"),
    HOME: lazy("Notices at home"),
}

_ROWS: tuple[tuple[str, str, str], ...] = (
    ("form", "title", "Survey %(kind)s"),
    ("form", "head", "Survey %(kind)s of fiscal year %(year)s"),
    ("form", "province", "Province %(name)s"),
    ("form", "heading_iit", "What do you think of the work of your agency?"),
    ("form", "heading_eit", "What do you think of the work of this agency?"),
    ("form", "notice_iit", ""),
    ("form", "notice_eit", ""),
    (
        "form",
        "!audience_iit",
        "This survey is for those who work at this agency. Visitors answer EIT, by another link.",
    ),
    (
        "form",
        "!audience_eit",
        "This survey is for people who have dealt with this agency. Its own staff answer IIT.",
    ),
    ("form", "length", "%(n)s questions, about %(minutes)s minutes"),
    ("form", "until", "Answers are taken until %(when)s"),
    ("form", "!purpose", "The citizen ID serves only to prevent answering twice"),
    ("form", "!not_kept", "The system does not keep your ID"),
    ("form", "!not_tied", "Answers are not tied to the ID; the agency sees nobody's single answers"),
    (
        "form",
        "!shown_from",
        "Results are shown as a whole from %(total)s respondents, question by question from %(detail)s",
    ),
    ("form", "!demo", "This is a demonstration: whoever keeps this machine's keys could open answers"),
    ("form", "how", "How it works"),
    (
        "form",
        "!how_it_works",
        "The round's key turns the ID into a code that shows whether it was used. Answers are sealed"
        " apart from"
        " the code and opened together after the survey. Before that the codes are deleted and their key is"
        " destroyed.",
    ),
    ("form", "!keep", "Keep my answers on this device for 24 hours"),
    (
        "form",
        "!keep_text",
        "If the page closes, open the same link here and go on. The ID is not kept. Do not choose this on a"
        " shared device.",
    ),
    ("form", "!kept", "Kept answers were found on this device"),
    (
        "form",
        "!kept_text",
        "Go on with them, or begin with a blank form. Your ID was not kept: enter it again.",
    ),
    ("form", "go_on", "Go on with them"),
    ("form", "anew", "Begin anew and delete them"),
    ("form", "language", "Language of the form"),
    ("form", "part", "Part %(n)s of %(all)s"),
    ("form", "answered_of", "Answered # of %(all)s questions"),
    ("form", "answered", "Answered"),
    ("form", "left", "# questions of this part are left"),
    ("form", "back", "Back"),
    ("form", "next", "Next"),
    ("form", "final", "Check your answers before sending: what was sent cannot be changed"),
    ("form", "send", "Send the answers"),
    ("id", "id", "Your citizen ID"),
    ("id", "id_hint", "13 digits; dashes and spaces may stay"),
    (
        "id",
        "id_first_hint",
        "Numbers that begin with %(digits)s are taken. With another number ask the agency's administrator"
        " before you begin.",
    ),
    ("id", "id_empty", "Enter your citizen ID of 13 digits"),
    ("id", "id_digits", "A citizen ID has digits only: enter its 13 digits"),
    ("id", "id_length", "A citizen ID has 13 digits, there are %(n)s now"),
    (
        "id",
        "id_first",
        "Numbers that begin with %(digits)s are taken: check the first digit. If it is right, this survey"
        " cannot take it yet: ask the agency's administrator",
    ),
    (
        "id",
        "id_check",
        "The citizen ID does not fit its pattern: check the digits, one may be swapped or mistyped",
    ),
    ("sending", "sending", "Being sent, wait a moment"),
    (
        "sending",
        "no_reply",
        "No reply has come: the line may be cut. Everything is still on this page; send again, it"
        " counts once",
    ),
    ("sending", "not_sent", "Not sent yet"),
    ("sending", "not_sent_left", "Not sent yet, %(n)s places are left"),
    ("sending", "still_here", "The answers you chose are all still here"),
    ("sending", "no_answer", "This one has no answer yet"),
    ("sending", "no_answer_at", "Question %(n)s has no answer yet"),
    ("sending", "more_questions", "and %(n)s more questions"),
    (
        "sending",
        "old_form",
        "This form was not opened from its link. Check the answers and send it once more.",
    ),
    (
        "sending",
        "busy",
        "Many people are using the system. Your answers are still on this page; send again in %(n)s seconds",
    ),
    ("after", "sent", "Answers sent"),
    ("after", "thanks", "Answers sent, thank you"),
    ("after", "helps", "Your opinion helps %(agency)s to work better"),
    (
        "after",
        "!no_number",
        "You may close this page. There is no reference number, because answers are not tied to you.",
    ),
    ("after", "before", "These answers had come before"),
    (
        "after",
        "!counts_once",
        "The form was sent more than once and counts once. The answers sent first count; what was"
        " changed after"
        " that does not.",
    ),
    ("after", "shared", "If you share this phone or computer"),
    (
        "after",
        "hand_on",
        "Close this window before you hand it on. The next person opens the same link and answers alone.",
    ),
    ("after", "pause", "A moment before the next person"),
    (
        "after",
        "pause_ends",
        "In %(n)s seconds this page becomes a blank form. Please step aside until then.",
    ),
    ("after", "blank_form", "Begin with a blank form"),
    ("after", "at_the_office", "You answer at the agency's office. The next person gets a blank form."),
    ("after", "published", "Results are published by the Office of the NACC after the assessment has ended"),
    ("after", "has_answered", "This ID has answered"),
    ("after", "already", "This ID has already answered for this agency"),
    (
        "after",
        "!already_text",
        "The number entered has answered the survey of %(agency)s in the round of %(year)s. Each"
        " person answers"
        " once; the earlier answers are kept as they were.",
    ),
    ("after", "mend_id", "Go back and mend the ID"),
    ("after", "not_me", "Have you not answered yet?"),
    (
        "after",
        "!not_me_text",
        "Somebody may have used your number. Tell us with this button: only the number of such reports is"
        " counted, no name and no ID is kept.",
    ),
    ("after", "report", "Report that I have not answered"),
    ("after", "reported", "Thank you for telling us"),
    ("after", "!reported_text", "The report was counted. No name and no ID was kept."),
    ("after", "may_close", "You may close this page."),
    ("after", "not_counted", "The report was not counted"),
    (
        "after",
        "report_late",
        "This page is too old, so the report was not counted. Tell the agency's administrator instead.",
    ),
    (
        "after",
        "report_busy",
        "Many people are using the system. Go back, wait half a minute and report once more.",
    ),
    ("closed", "ask", "Questions are answered by the agency's administrator"),
    (
        "closed",
        "ask_by_phone",
        "Questions are answered by the agency's administrator, telephone %(phone)s",
    ),
    ("closed", "not_open", "The survey is not open yet"),
    ("closed", "prepared", "The survey is being prepared; its dates are announced by the agency"),
    (
        "closed",
        "not_confirmed",
        "The agency's executive has not confirmed its data yet. The survey opens after that.",
    ),
    ("closed", "opens", "Opens"),
    ("closed", "closes", "Closes"),
    ("closed", "same_link", "The same link works then; no new one is needed"),
    ("closed", "over", "The survey has closed"),
    ("closed", "closed_on", "Closed on"),
    ("closed", "no_longer", "Answers are no longer taken. What was sent before is kept."),
    ("closed", "revoked", "This link is no longer used"),
    ("closed", "replaced", "The agency has replaced this link. Ask it for the new one."),
    ("closed", "were_not_sent", "Your answers were not sent"),
    ("closed", "lost", "The answers on this page were not sent and are not counted."),
    (
        "closed",
        "replaced_meanwhile",
        "The agency has replaced this link. Ask it for the new one, open it and choose the answers"
        " below again.",
    ),
    ("closed", "too_late", "They came after the survey had closed."),
    (
        "closed",
        "not_now",
        "The survey takes no answers at the moment. The same link works once it does.",
    ),
    ("closed", "had_chosen", "What you had chosen"),
)

PUBLIC: dict[str, PublicText] = {
    name.removeprefix("!"): PublicText(name.removeprefix("!"), part, product, name.startswith("!"), fills)
    for part, name, product, fills in (
        *(
            (part, f"!survey.{name[1:]}" if name[0] == "!" else f"survey.{name}", product, ())
            for part, name, product in _ROWS
        ),
        *NOTICES,
    )
}

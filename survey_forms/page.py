"""The form as bytes: rendered by WTForms and Jinja once per edition of a questionnaire, then only filled in.

What differs between agencies and respondents are named slots in the text. A blank form needs four of them
and gets the rest, compressed, as it was kept; a form with answers and errors has them all filled.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import current_app, render_template
from markupsafe import Markup, escape
from wtforms import Form, RadioField, StringField

from models.citizen_id import IdProblem
from models.instrument import InstrumentKind
from portal.ballot.languages import NAMES
from portal.ballot.public_words import own_notice, say, say_in_page, spoken
from portal.ballot.questionnaire import Block, Questionnaire
from survey_forms.apart import END, GZIP_HEADER, gzip_apart, trailer
from survey_forms.inline import SCRIPT, STYLE, squeeze
from survey_forms.response import in_its_language
from survey_forms.submission import id_hint, id_message

_OPEN, _CLOSE = "\ue000", "\ue001"
_CUT = "|"
#: what a blank form says of its agency, its window and the moment it was opened
BLANK_SLOTS = frozenset({"agency", "lead", "end", "token"})
#: about how long a line takes, for "about 5 minutes"
SECONDS_PER_LINE = 15
#: more choices, or longer words, stand below one another on a wide screen too
MOST_IN_TABLE, LONGEST_IN_TABLE = 6, 40
#: what marks a choice; where lengths must not tell which one, the others have as many spaces
CHOSEN = " checked"
_CHOICE = re.compile(r"c\d+\.")


@dataclass(frozen=True)
class _Part:
    """A stretch of the page up to a cut. ``fixed``: bytes and deflated blocks, where it never changes."""

    texts: tuple[str, ...]
    names: tuple[str, ...]
    fixed: tuple[bytes, bytes] | None

    @classmethod
    def of(cls, texts: Sequence[str], names: Sequence[str]) -> _Part:
        """A part is fixed where none of its slots is filled in a blank form."""
        fixed = None
        if BLANK_SLOTS.isdisjoint(names):
            whole = "".join(texts).encode()
            fixed = (whole, _deflate(whole, 9))
        return cls(tuple(texts), tuple(names), fixed)

    def filled(self, slots: Mapping[str, str]) -> str:
        """The part with these slots, whose values are markup already."""
        # joined as plain text: adding a Markup would escape the page around it
        pairs = zip(self.texts, self.names, strict=True)
        return "".join(piece for text, name in pairs for piece in (text, slots.get(name, "")))


class FormPage:
    """The page of one questionnaire: literal text with slots between, in parts."""

    def __init__(self, questionnaire: Questionnaire, html: str) -> None:
        self.questionnaire = questionnaire
        self._parts: list[_Part] = []
        pieces = re.split(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}", html)
        texts: list[str] = []
        names: list[str] = []
        for text, name in zip(pieces[::2], [*pieces[1::2], _CUT], strict=True):
            texts.append(text)
            names.append(name)
            if name == _CUT:
                self._parts.append(_Part.of(texts, names))
                texts, names = [], []

    def filled(self, slots: Mapping[str, str]) -> bytes:
        """The page with these slots; a slot without a value stays empty."""
        return "".join(part.filled(slots) for part in self._parts).encode()

    def filled_gzip(self, slots: Mapping[str, str]) -> bytes:
        """As ``filled``, compressed apart from all slots, and with a choice as long as what is none."""
        return gzip_apart(
            (text.encode(), _of_one_length(name, slots.get(name, "")).encode())
            for part in self._parts
            for text, name in zip(part.texts, part.names, strict=True)
        )

    def blank(self, slots: Mapping[str, str]) -> bytes:
        """The page of somebody who begins: only ``BLANK_SLOTS`` have values."""
        return b"".join(part.fixed[0] if part.fixed else part.filled(slots).encode() for part in self._parts)

    def blank_gzip(self, slots: Mapping[str, str]) -> bytes:
        """As ``blank``, compressed: one deflate stream whose fixed parts were compressed before."""
        checksum, size = 0, 0
        packed = [GZIP_HEADER]
        for part in self._parts:
            if part.fixed:
                plain, blocks = part.fixed
            else:
                plain = part.filled(slots).encode()
                blocks = _deflate(plain, 6)
            checksum = zlib.crc32(plain, checksum)
            size += len(plain)
            packed.append(blocks)
        return b"".join([*packed, END, trailer(checksum, size)])


_pages: dict[tuple[object, ...], FormPage] = {}


@dataclass(frozen=True)
class Rules:
    """What a round says on its forms: smallest numbers shown, accepted first digits, who holds the keys."""

    detail: int
    total: int
    first_digits: str
    demo: bool


def page_of(
    questionnaire: Questionnaire, rules: Rules, languages: Sequence[str] = (), *, on_site: bool = False
) -> FormPage:
    """The page of a questionnaire under a round's rules, in the wording of this request; made once.

    ``languages``: further ones in which the form may be asked for. ``on_site``: it offers to keep nothing.
    """
    edition = (questionnaire.instrument_id, questionnaire.edition)
    key = (*edition, rules, tuple(languages), spoken().digest, on_site)
    page = _pages.get(key)
    if page is None or page.questionnaire is not questionnaire:
        html = _render(questionnaire, rules, languages, on_site=on_site)
        page = _pages[key] = FormPage(questionnaire, html)
    return page


def minutes(questionnaire: Questionnaire) -> int:
    """About how long the form takes."""
    return -(-len(questionnaire.lines) * SECONDS_PER_LINE // 60)


def form_class(questionnaire: Questionnaire, first_digits: str) -> type[Form]:
    """The WTForms form of a questionnaire: the ID and one field of choices per line."""
    fields: dict[str, object] = {"id": StringField(say("Your citizen ID"), description=id_hint(first_digits))}
    for line in questionnaire.lines:
        choices = [(str(number), label) for number, label in enumerate(line.choices, start=1)]
        fields[line.field] = RadioField(line.text, choices=choices)
    return type("SurveyForm", (Form,), fields)


def _render(questionnaire: Questionnaire, rules: Rules, languages: Sequence[str], *, on_site: bool) -> str:
    heading = say("What do you think of the work of this agency?")
    audience = say("This survey is for people who have dealt with this agency. Its own staff answer IIT.")
    if questionnaire.kind is InstrumentKind.IIT:
        heading = say("What do you think of the work of your agency?")
        audience = say(
            "This survey is for those who work at this agency. Visitors answer EIT, by another link."
        )
    number = len(questionnaire.lines)
    html = render_template(
        "survey/form.html",
        form=form_class(questionnaire, rules.first_digits)(),
        sections=questionnaire.sections,
        kind=questionnaire.kind.name,
        year=questionnaire.year,
        version=f"{questionnaire.instrument_id}.{questionnaire.edition}",
        heading=heading,
        audience=audience,
        lines=number,
        on_site=on_site,
        answered=escape(say("Answered # of %(all)s questions", all=number)).replace("#", Markup("<b>0</b>")),
        detail=rules.detail,
        total=rules.total,
        demo=rules.demo,
        first_digits=rules.first_digits,
        id_empty=id_message(IdProblem.EMPTY, "", rules.first_digits),
        id_digits=id_message(IdProblem.NOT_DIGITS, "", rules.first_digits),
        id_length=id_message(IdProblem.LENGTH, "#", rules.first_digits),
        id_first=id_message(IdProblem.FIRST_DIGIT, "", rules.first_digits),
        id_check=id_message(IdProblem.CHECK_DIGIT, "", rules.first_digits),
        language=spoken().language,
        languages=[(code, NAMES[code]) for code in ("th", *languages)] if languages else [],
        notice=own_notice(f"survey.notice_{questionnaire.kind.value}").splitlines(),
        in_its_language=in_its_language,
        as_table=as_table,
        _=say_in_page,
        slot=_slot,
        cut=_slot(_CUT),
        style=STYLE,
        script=SCRIPT,
    )
    return squeeze(html)


def as_table(block: Block) -> bool:
    """True where the choices of a wide screen fit beside one another under their words."""
    return len(block.choices) <= MOST_IN_TABLE and max(map(len, block.choices)) <= LONGEST_IN_TABLE


def _of_one_length(name: str, value: str) -> str:
    return value.ljust(len(CHOSEN)) if _CHOICE.match(name) else value


def _slot(name: str) -> Markup:
    return Markup("{}{}{}").format(_OPEN, name, _CLOSE)


def _deflate(part: bytes, level: int) -> bytes:
    """The part as blocks of a deflate stream, which refer to nothing before them."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    return packer.compress(part) + packer.flush(zlib.Z_FULL_FLUSH)


def is_demo() -> bool:
    """True in the demonstration, whose notice must say who holds the keys."""
    demo: bool = current_app.settings.demo  # type: ignore[attr-defined]
    return demo

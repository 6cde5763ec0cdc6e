"""Whatever is typed as a text, and whatever the values are, nothing but faults and plain words comes out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from portal.letters.words.faults import FaultyText, Source
from portal.letters.words.fields import FIELDS, Field, FieldKind, Scope, Value
from portal.letters.words.reading import HEADS, LetterText, read_text
from portal.letters.words.writing import MOST_OF_A_LETTER, Written, write_text
from tests.portal.letters.words.samples import END, HEAD

_OF_THE_LANGUAGE = (
    *(f"{{{field.name}}}" for field in FIELDS),
    *(f"{{ถ้า {field.name}}}" for field in FIELDS),
    *(f"{head}: " for head in HEADS),
    "{จบ}",
    "{จบ}\n",
    "{มิฉะนั้น}",
    "{มิฉะนั้นถ้า ครบแล้ว}",
    "{ถ้า ยังไม่ครบ > 5 หรือ ไม่ ครบแล้ว}",
    "{สิ่งที่ส่งมาด้วย:สรุปสถานะ}",
    "{ถ้า",
    "ไม่ และ หรือ > 5",
    "\n",
    "\n\n",
    "\n- ",
    "  ",
    "{{",
    "}}",
    "{",
    "}",
    "ก",
)
scopes = st.sampled_from(Scope)
parts = st.sampled_from(_OF_THE_LANGUAGE) | st.text(max_size=6)
bodies = st.lists(parts, max_size=40).map("".join)
sources = bodies | bodies.map(lambda body: f"{HEAD}{body}{END}") | st.text(max_size=300)
dates = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1))
VALUES: Mapping[FieldKind, st.SearchStrategy[Value]] = {
    FieldKind.TEXT: st.text(max_size=12) | parts | st.sampled_from(["ก" * 5000, "{จบ} " * 2000]),
    FieldKind.NUMBER: st.integers(min_value=0, max_value=10**9),
    FieldKind.SHARE: st.fractions(min_value=Fraction(0), max_value=Fraction(100)),
    FieldKind.YEAR: st.integers(min_value=2500, max_value=2700),
    FieldKind.DATE: dates,
    FieldKind.FACT: st.booleans(),
}


def value_of(field: Field) -> st.SearchStrategy[Value]:
    return st.none() | VALUES[field.kind]


values = st.fixed_dictionaries({field.name: value_of(field) for field in FIELDS})


def parsed(source: str, scope: Scope) -> LetterText | None:
    """The text; None where it has faults, each of which must lie inside the source."""
    try:
        return read_text(source, scope)
    except FaultyText as faulty:
        lines = Source(source).text.split("\n")
        for fault in faulty.faults:
            assert 1 <= fault.line <= len(lines)
            assert 1 <= fault.column <= len(lines[fault.line - 1]) + 1
        assert faulty.faults
        return None


def filled(text: LetterText, with_values: Mapping[str, Value]) -> Written | None:
    """What is written; None where this letter cannot be."""
    try:
        return write_text(text, with_values)
    except FaultyText:
        return None


def words_of(written: Written) -> list[str]:
    """All texts of a letter."""
    points = [point for one in written.paragraphs for point in one.points]
    texts = [one.text for one in written.paragraphs]
    titles = [one.title for one in written.enclosures]
    head = [written.subject, written.addressee, written.conclusion, written.closing]
    return [*head, *written.references, *titles, *texts, *points]


@given(sources, scopes)
def test_any_source_is_read_or_has_faults_inside_it(source: str, scope: Scope) -> None:
    parsed(source, scope)


@given(bodies.map(lambda body: f"{HEAD}{body}{END}"), values)
def test_any_letter_is_written_within_its_bound_or_has_faults(
    source: str, with_values: Mapping[str, Value]
) -> None:
    text = parsed(source, Scope.PROVINCE)
    written = filled(text, with_values) if text else None
    if written:
        words = words_of(written)
        assert sum(map(len, words)) <= MOST_OF_A_LETTER + 100, "the usual closing is no part of the text"
        assert all("\n" not in one and "\0" not in one for one in words)


#: well-formed bodies, without a brace that would be printed
def bodies_that_are_read() -> st.SearchStrategy[str]:
    province = [field for field in FIELDS if Scope.PROVINCE in field.scopes]
    shown = [field for field in province if field.kind is not FieldKind.FACT]
    words = st.sampled_from(["ก", "ข ", "\n\n", "\n- ", "\n"])
    pieces = words | st.sampled_from(shown).map(lambda field: f"{{{field.name}}}")
    conditions = st.sampled_from(province).map(lambda field: field.name)

    def chosen(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        branch = st.lists(inner, max_size=4).map("".join)
        return st.tuples(conditions, branch, branch).map(
            lambda one: f"{{ถ้า {one[0]}}}{one[1]}{{มิฉะนั้น}}{one[2]}{{จบ}}"
        )

    return st.lists(st.recursive(pieces, chosen, max_leaves=12), max_size=8).map("".join)


@given(bodies_that_are_read(), values)
def test_no_command_is_left_in_a_letter(body: str, with_values: Mapping[str, Value]) -> None:
    text = parsed(f"{HEAD}ก{body}{END}", Scope.PROVINCE)
    assert text is not None
    plain = {
        name: re.sub("[{}]", "", value) if isinstance(value, str) else value
        for name, value in with_values.items()
    }
    written = filled(text, plain)
    if written:
        assert not [one for one in words_of(written) if "{" in one or "}" in one]


@given(st.sampled_from(_OF_THE_LANGUAGE) | st.text(min_size=1, max_size=30))
def test_a_hostile_name_is_printed_and_never_read(name: str) -> None:
    text = parsed(f"{HEAD}ก{{จังหวัด}}ข{END}", Scope.PROVINCE)
    assert text is not None
    written = filled(text, {"จังหวัด": name})
    plain = " ".join(Source(name.translate(dict.fromkeys((0, *range(0xD800, 0xE000))))).text.split())
    if written:
        assert len(written.paragraphs) == 1
        assert written.paragraphs[0].text.replace(" ", "") == f"ก{plain}ข".replace(" ", "")
    else:
        assert not plain

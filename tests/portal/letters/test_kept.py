"""Letters made before: the newest one, pages that end, and words of a search."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.exc import NoResultFound

from models.letter import Letter, LetterKind
from models.round import Round
from portal.core.database.session import db
from portal.core.web import Portal
from portal.letters.kept import LONGEST_SEARCH, LetterQuery, content_of, letters_of, newest
from tests.factories.base import Make
from tests.factories.letters import LetterFactory
from tests.factories.rounds import RoundFactory
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres
KIND = LetterKind.CIRCULAR
Kept = Callable[..., Letter]


@pytest.fixture
def kept(make: Make, world: World) -> Kept:
    """A letter of the world's round: ``kept("มท 1/ว 1", "52")``."""

    def keep(number: str, province: str = "52", **fields: object) -> Letter:
        place = world.province[province]
        letter: Letter = make(
            LetterFactory, round_id=world.round_id, number=number, province_id=place, **fields
        )
        return letter

    return keep


def test_the_newest_letter_is_the_one_made_last(app: Portal, world: World, kept: Kept, make: Make) -> None:
    with app.app_context(), acting_as(world.actor("province")):
        assert newest(db.session.get_one(Round, world.round_id), KIND) is None
    kept("ว 1")
    kept("ว 2")
    kept("ว 3", "81")
    kept("ว 4", kind=LetterKind.PROVINCE_SUMMARY)
    make(LetterFactory, round=make(RoundFactory), number="ว 5", province_id=world.province["52"])
    with app.app_context(), acting_as(world.actor("province")):
        found = newest(db.session.get_one(Round, world.round_id), KIND)
        assert found is not None and found.number == "ว 2", "of this round, kind and province"


def test_a_list_of_none_is_one_empty_page(app: Portal, world: World) -> None:
    with app.app_context(), acting_as(world.actor("dla")):
        page = letters_of(db.session.get_one(Round, world.round_id), KIND, LetterQuery(), page=-3)
    assert (page.rows, page.number, page.pages, page.total) == ([], 1, 1, 0)


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", ["ว 20", "ว 10"]),
        ("๑๐", ["ว 10"]),
        ("ลำปาง", ["ว 10"]),
        ("ว กระบี่", ["ว 20"]),
        ("ลำปาง กระบี่", []),
        ("%", []),
        ("เรื่องพิเศษ", ["ว 20"]),
        ("?!", []),
        ("ว" + " " * LONGEST_SEARCH + "ไม่มี", ["ว 20", "ว 10"]),
    ],
)
def test_every_word_of_a_search_is_found_in_number_subject_or_province(
    app: Portal, world: World, kept: Kept, search: str, found: list[str]
) -> None:
    kept("ว 10")
    kept("ว 20", "81", subject="เรื่องพิเศษ")
    with app.app_context(), acting_as(world.actor("dla")):
        page = letters_of(db.session.get_one(Round, world.round_id), KIND, LetterQuery(search))
        assert [letter.number for letter in page.rows] == found


def test_the_bytes_of_a_letter_are_for_who_reads_it(app: Portal, world: World, kept: Kept) -> None:
    place = world.province["52"]
    letter = kept("ว 1", file__content=b"%PDF-1.7 ours", file__province_id=place)
    with app.app_context():
        with acting_as(world.actor("province")):
            assert content_of(letter).content == b"%PDF-1.7 ours"
        with acting_as(world.actor("province_other")), pytest.raises(NoResultFound):
            content_of(letter)

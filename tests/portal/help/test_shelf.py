"""Whose guide is whose, and in which one a place is read."""

from __future__ import annotations

import pytest

from models.account import Role
from portal.help import shelf


def test_ones_own_guide_comes_first_and_none_is_left_out() -> None:
    for role in (Role.PROVINCE, Role.INTERVIEWER, None):
        names = [guide.name for guide in shelf.for_role(role)]
        assert names[0] == shelf.GUIDE_OF.get(role, "every-desk")  # type: ignore[arg-type]
        assert sorted(names) == sorted(shelf.GUIDES) and len(names) == len(set(names))


def test_a_place_is_read_in_the_own_guide_before_the_shared_ones() -> None:
    assert shelf.guide_with("status", Role.PROVINCE) == "province"
    assert shelf.guide_with("status", Role.EXECUTIVE) == "every-desk"
    assert shelf.guide_with("own", Role.EXECUTIVE) == "own-page"
    assert shelf.guide_with("own", None) == "own-page"
    assert shelf.guide_with("slips", Role.EXECUTIVE) is None
    assert shelf.guide_with("", Role.NACC) is None


def test_there_is_no_other_guide() -> None:
    with pytest.raises(KeyError):
        shelf.guide("README")
    with pytest.raises(KeyError):
        shelf.guide("../operations")


def test_every_role_of_people_has_its_guide() -> None:
    assert set(shelf.GUIDE_OF) == set(Role) - {Role.SYSTEM}


def test_pictures_are_those_of_the_folder() -> None:
    assert "agency-home.png" in shelf.pictures() and all(name.endswith(".png") for name in shelf.pictures())

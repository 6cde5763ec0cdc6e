"""Who opens a kept letter and the file of a job: the office that made it, and the one it was written to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.job import JobState
from models.letter import LetterKind
from tests.factories.base import Make
from tests.factories.letters import JobFactory, LetterFactory, StoredFileFactory
from tests.factories.people import GrantFactory
from tests.support.client import PortalClient, client_of
from tests.support.world import World

ClientAs = Callable[[str], PortalClient]
CIRCULAR, NACC, SUMMARY = LetterKind.CIRCULAR, LetterKind.NACC_TO_DLA, LetterKind.PROVINCE_SUMMARY
#: kind, province, who opens it
READERS = [
    (CIRCULAR, "52", {"dla", "province"}),
    (CIRCULAR, "81", {"dla", "province_other"}),
    (NACC, None, {"nacc", "dla"}),
    (SUMMARY, "52", {"dla", "province"}),
    (SUMMARY, "81", {"dla", "province_other"}),
]
PEOPLE = ("nacc", "dla", "province", "province_other", "agency_admin", "executive", "assessor")


@pytest.mark.parametrize(("kind", "province", "readers"), READERS)
def test_a_letter_is_opened_by_who_wrote_it_and_who_gets_it(
    world: World, client_as: ClientAs, make: Make, kind: LetterKind, province: str | None, readers: set[str]
) -> None:
    letter = make(
        LetterFactory,
        round_id=world.round_id,
        kind=kind,
        province_id=world.province[province] if province else None,
        file__content=b"%PDF-1.7 words",
        file__province_id=world.province[province] if province else None,
    )
    url = f"/rounds/{world.round_id}/letters/{letter.id}.pdf"
    answers = {person: client_as(person).get(url) for person in PEOPLE}
    assert {person for person, answer in answers.items() if answer.status_code == 200} == readers
    assert {answer.status_code for answer in answers.values()} == {200, 404}
    assert all(answers[person].data == b"%PDF-1.7 words" for person in readers)
    assert client_as("dla").get(f"/rounds/99/letters/{letter.id}.pdf").status_code == 404, "another round's"


def test_a_list_of_letters_holds_its_own_kind_and_province(
    world: World, client_as: ClientAs, make: Make
) -> None:
    for kind, subject, province in (
        (SUMMARY, "สรุปของลำปาง", "52"),
        (SUMMARY, "สรุปของกระบี่", "81"),
        (CIRCULAR, "หนังสือเวียน", "52"),
    ):
        place = world.province[province]
        make(
            LetterFactory,
            round_id=world.round_id,
            kind=kind,
            number="",
            subject=subject,
            province_id=place,
        )
    page = client_as("province").get(f"/rounds/{world.round_id}/letters/summary").text
    assert "สรุปของลำปาง" in page and "สรุปของกระบี่" not in page and "หนังสือเวียน" not in page


@pytest.mark.parametrize(
    ("kind", "asker", "readers"),
    [
        ("letters.circulars", "dla", {"dla", "second"}),
        ("letters.nacc", "nacc", {"nacc"}),
        ("letters.summary", "province", {"province"}),
    ],
)
def test_the_file_of_a_job_is_for_who_may_order_the_same(
    world: World, client_as: ClientAs, make: Make, kind: str, asker: str, readers: set[str]
) -> None:
    """A colleague of the same office opens it; the other office, though it reads the letter, does not."""
    file = make(StoredFileFactory, account_id=world.account[asker], content=b"PK the letters")
    job = make(JobFactory, kind=kind, state=JobState.DONE, file_id=file.id, account_id=world.account[asker])
    second = client_of(client_as("dla").application)
    second.sign_in_as(make(GrantFactory).account_id)
    clients = {**{person: client_as(person) for person in PEOPLE}, "second": second}
    answers = {person: client.get(f"/jobs/{job.id}/file") for person, client in clients.items()}
    assert {person for person, answer in answers.items() if answer.status_code == 200} == readers
    assert answers[asker].data == b"PK the letters"


@pytest.mark.parametrize(
    ("room", "people"), [("circular", {"dla"}), ("nacc", {"nacc"}), ("summary", {"province"})]
)
def test_a_room_is_its_office_s_alone(world: World, client_as: ClientAs, room: str, people: set[str]) -> None:
    url = f"/rounds/{world.round_id}/letters/{room}"
    for person in ("nacc", "dla", "province", "agency_admin"):
        client, expected = client_as(person), 200 if person in people else 404
        assert client.get(url).status_code == client.get(f"{url}/office").status_code == expected, person

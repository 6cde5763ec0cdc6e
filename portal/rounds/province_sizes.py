"""The size classes of provinces in one round: taken up with its agencies, and changed for this round alone.

Minimum samples may be fixed by them. A round keeps what it took up, whatever the register says later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select, update

from models.participation import Participation
from models.place import Province
from models.round import Round, RoundState
from portal.core import audit
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.lookup import hold
from portal.core.sent.versions import require_version
from portal.register.sizes import SIZES


@dataclass(frozen=True)
class SizedProvince:
    """A province of a round. ``sizes``: what its agencies took up, one where they were taken up at once."""

    province_id: int
    code: str
    name: str
    agencies: int
    sizes: frozenset[str | None]
    in_register: str | None

    @property
    def size(self) -> str | None:
        """Its size class in the round; None where it has none, or its agencies differ."""
        return next(iter(self.sizes)) if len(self.sizes) == 1 else None

    @property
    def mixed(self) -> bool:
        """True where agencies that were taken up later brought another size class."""
        return len(self.sizes) > 1

    @property
    def as_registered(self) -> bool:
        """True where the round says what the register says now."""
        return self.sizes == {self.in_register}


def provinces_of(round: Round) -> list[SizedProvince]:
    """The provinces whose agencies take part in a round, in Thai order; one query."""
    columns = (Province.id, Province.code, Province.name, Province.size)
    query = (
        select(*columns, Participation.province_size, func.count())
        .join(Participation, Participation.province_id == Province.id)
        .where(Participation.round_id == round.id)
        .group_by(*columns, Province.sort_key, Participation.province_size)
        .order_by(Province.sort_key, Province.id)
    )
    found: dict[int, SizedProvince] = {}
    for key, code, name, registered, size, count in db.session.execute(query):
        before = found.get(key)
        agencies, sizes = (before.agencies, before.sizes) if before else (0, frozenset[str | None]())
        found[key] = SizedProvince(key, code, name, agencies + count, sizes | {size}, registered)
    return list(found.values())


def asked_for(round: Round) -> bool:
    """True where a minimum-sample rule of the round asks for the size class of a province."""
    return any(rule.province_size is not None for rule in round.sample_rules)


def set_sizes(round: Round, sizes: Mapping[int, str | None], *, seen_version: int) -> int:
    """Give provinces (by id) their size class in this round; gives how many changed.

    Raises Stale where the round was saved since the page was made, Refused once it is closed or for what is
    no size class.
    """
    hold(round)
    require_version(round, seen_version)
    return _write(round, sizes)


def take_from_register(round: Round) -> int:
    """Take up what the register says of every province now; gives how many changed. Raises Refused."""
    hold(round)
    return _write(round, {one.province_id: one.in_register for one in provinces_of(round)})


def _write(round: Round, sizes: Mapping[int, str | None]) -> int:
    if round.state not in (RoundState.DRAFT, RoundState.OPEN):
        raise Refused("The round is closed: the size classes of provinces stay as they are")
    if any(size is not None and size not in SIZES for size in sizes.values()):
        raise Refused("A size class is S, M or L")
    known = {one.province_id: one for one in provinces_of(round)}
    changed = {key: size for key, size in sizes.items() if key in known and known[key].sizes != {size}}
    if not changed:
        return 0
    session = db.session()
    for size in {*changed.values()}:
        places = [key for key, to in changed.items() if to == size]
        of_round = (Participation.round_id == round.id, Participation.province_id.in_(places))
        session.execute(update(Participation).where(*of_round).values(province_size=size))
    with audit.unrecorded(session):
        round.touch()
        session.flush()
    audit.record(
        session,
        act="round.province_sizes",
        thing="round",
        row=round.id,
        before={known[key].name: _plain(known[key]) for key in changed},
        after={known[key].name: size or "–" for key, size in changed.items()},
    )
    return len(changed)


def _plain(province: SizedProvince) -> str:
    return ", ".join(sorted(size or "–" for size in province.sizes))

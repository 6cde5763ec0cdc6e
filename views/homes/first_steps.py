"""What a fresh installation still needs before its first round opens: in order, with who does each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for

from models.account import Role
from models.letter_office import OfficeKind
from models.round import Round, RoundState
from portal.core.access import Permission as P
from portal.core.access import can, office_of, scope_of, the_actor
from portal.core.calling import calls_of, the_sector
from portal.core.database.session import db
from portal.core.scopes import Reach
from portal.core.texts import _
from portal.letters.offices import missing_texts, texts_of
from portal.rounds.checks import checks
from views.homes.first_facts import Facts, facts

#: rights that two officers give need two officers
OFFICERS = 2


@dataclass(frozen=True)
class Step:
    """One thing to have. ``who`` does it; ``figure`` says how far it is; ``url`` is "" for everybody else."""

    title: str
    icon: str
    done: bool
    who: Role
    permission: P
    endpoint: str
    text: str = ""
    figure: str = ""
    action: str = ""
    #: of a page that belongs to a round; without one the step waits for the first
    of_round: Round | None = None

    @property
    def who_words(self) -> str:
        """The office that does it."""
        return office_of(self.who, the_sector())

    @property
    def url(self) -> str:
        """The page where the acting person does it."""
        if self.endpoint not in current_app.view_functions or not can(the_actor(), self.permission):
            return ""
        values: dict[str, Any] = {}
        if current_app.url_map.is_endpoint_expecting(self.endpoint, "round_id"):
            if self.of_round is None:
                return ""
            values["round_id"] = self.of_round.id
        return url_for(self.endpoint, **values)


def first_steps(rounds: Iterable[Round]) -> list[Step]:
    """The steps of a fresh installation, done and not done, for the country's offices.

    Nothing once a round has been opened (nothing is asked of the database then), and for any other desk.
    """
    rounds = list(rounds)
    if scope_of(the_actor()).reach is not Reach.COUNTRY:
        return []
    if any(round.state is not RoundState.DRAFT for round in rounds):
        return []
    now, draft = facts(), rounds[0] if rounds else None
    return [*_register(now), *_offices(now, draft), *_accounts(now), *_round(draft)]


def _register(now: Facts) -> Iterator[Step]:
    yield Step(
        _("Import the register of agencies"),
        "upload",
        now.agencies > 0,
        Role.DLA,
        P.AGENCIES_IMPORT,
        "registry_import.form",
        _("From a file of DLA; it is looked through before anything is saved"),
        _("%(count)s agencies", count=f"{now.agencies:,}") if now.agencies else "",
        _("Import agencies"),
    )
    yield Step(
        _("Look the provinces and districts through"),
        "map-pin",
        now.places > 0 and now.districts > 0,
        Role.DLA,
        P.PLACES_WRITE,
        "provinces.index_view",
        _("They come with the first account of the installation (create-admin)"),
        _(
            "%(provinces)s provinces, %(districts)s districts",
            provinces=f"{now.places:,}",
            districts=f"{now.districts:,}",
        )
        if now.places
        else "",
        _("See the provinces"),
    )


def _offices(now: Facts, draft: Round | None) -> Iterator[Step]:
    central = calls_of(db.session(), None)
    yield Step(
        _("Say whom people call who need help"),
        "phone",
        any(call.phone for call in central),
        Role.DLA,
        P.ACCOUNTS_WRITE,
        "people_settings.edit",
        _("It stands on the pages of signing in and activation"),
        action=_("Fill in"),
    )
    yield Step(
        _("Say how the office of each province is reached"),
        "building",
        0 < now.provinces <= now.reachable,
        Role.DLA,
        P.PROVINCE_CONTACTS_WRITE,
        "contacts.offices",
        _("Each province may fill it in itself once its staff has accounts"),
        _some(now.reachable, now.provinces),
        _("See the provinces"),
    )
    yield Step(
        _("Enter the assessor bodies"),
        "users",
        now.bodies > 0,
        Role.NACC,
        P.ASSESSORS_WRITE,
        "assessor_bodies.index_view",
        figure=str(now.bodies) if now.bodies else "",
        action=_("Add a body"),
    )
    for kind, who, permission, endpoint in (
        (OfficeKind.DLA, Role.DLA, P.LETTERS_DLA, "letter_offices.dla"),
        (OfficeKind.NACC, Role.NACC, P.LETTERS_NACC, "letter_offices.nacc"),
    ):
        yield Step(
            _("Fill in what stands on the letters of %(office)s", office=office_of(who, the_sector())),
            "mail",
            not missing_texts(kind, texts_of(kind)),
            who,
            permission,
            endpoint,
            "" if draft else _("Possible once the first round is made"),
            action=_("Fill in"),
            of_round=draft,
        )


def _accounts(now: Facts) -> Iterator[Step]:
    yield Step(
        _("Give DLA two officers and NACC one"),
        "user-shield",
        now.dla >= OFFICERS and now.nacc > 0,
        Role.DLA,
        P.ACCOUNTS_WRITE,
        "accounts.index_view",
        _("Some rights are given by two officers. Accounts of NACC are made on the server (create-admin)"),
        _("DLA %(dla)s, NACC %(nacc)s", dla=now.dla, nacc=now.nacc),
        _("See the users"),
    )
    yield Step(
        _("Give every province an account"),
        "user",
        0 < now.provinces <= now.staffed,
        Role.DLA,
        P.ACCOUNTS_WRITE,
        "accounts.create_view",
        figure=_some(now.staffed, now.provinces),
        action=_("Add a user"),
    )
    yield Step(
        _("Give every agency an admin and an executive"),
        "user-plus",
        0 < now.agencies <= now.equipped,
        Role.DLA,
        P.ACCOUNTS_MAKE,
        "account_making.ask",
        _("Their codes are printed on slips"),
        _some(now.equipped, now.agencies),
        _("Make the accounts"),
    )


def _round(draft: Round | None) -> Iterator[Step]:
    made = {check.name: check.ok for check in checks(draft)} if draft else {}
    for title, icon, done, endpoint, action in (
        (_("Make the first round"), "calendar-due", draft is not None, "rounds.new", _("Make a round")),
        (_("Date its stages"), "calendar", made.get("windows"), "rounds.windows", _("Enter the dates")),
        (_("Take the agencies into the round"), "building", made.get("agencies"), "rounds.show", _("Look")),
        (
            _("Make the keys of the ballot boxes and pass the restore drill"),
            "key",
            made.get("keys"),
            "rounds.show",
            _("Look"),
        ),
        (_("Open the round"), "player-play", False, "rounds.open_", _("Look and open")),
    ):
        yield Step(
            title, icon, bool(done), Role.NACC, P.ROUNDS_WRITE, endpoint, action=action, of_round=draft
        )


def _some(there: int, all_of_them: int) -> str:
    if not all_of_them:
        return ""
    return _("%(some)s of %(all)s", some=f"{there:,}", all=f"{all_of_them:,}")

"""The declarative base, and what kind of row a table holds: who owns it decides who may see it."""

from __future__ import annotations

import enum
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import DateTime, Dialect, Enum, ForeignKey, Integer, MetaData, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from models.zone import BANGKOK

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An aware moment: stored as UTC on every database, read back in Bangkok's zone."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(BANGKOK)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """SQLite gives the text itself: read at once as UTC, which takes half as long as in two steps."""
        return _of_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _of_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text}+00:00").astimezone(BANGKOK)


def enum_column(kind: type[enum.Enum]) -> Enum:
    """A column of the enum's values as text, checked by the database on both engines."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=32,
        name=kind.__name__.lower(),
        values_callable=lambda cls: [member.value for member in cls],
    )


class Base(DeclarativeBase):
    """Base of every table.

    ``__audited__`` False keeps a table out of the record (respondents' acts, technical rows);
    ``__masked__`` names columns whose values never enter an event, only that they changed;
    ``__unaudited__`` names columns that never enter an event at all.
    """

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Instant()}

    __audited__: ClassVar[bool] = True
    __masked__: ClassVar[tuple[str, ...]] = ()
    __unaudited__: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        table = vars(cls).get("__table__")
        if issubclass(cls, Keyed) and table is not None:
            # SQLite alone would give the id of the last row again once that row is deleted
            table.dialect_options["sqlite"]["autoincrement"] = True


class Keyed:
    """A surrogate integer key. No id is ever given out again: an address never leads to another's row."""

    id: Mapped[int] = mapped_column(Integer, primary_key=True)


class Versioned:
    """A row that is edited on a form: the database counts its versions, so that a stale copy is not saved."""

    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1, server_default="1")

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__table__.c.version if hasattr(cls, "__table__") else cls.version}

    def touch(self) -> None:
        """Count a new version although only rows below this one changed."""
        self.version = self.version + 1


class Public:
    """Rows that anybody signed in may read (rounds, questions, places); only the whole country writes."""


class CountryOnly:
    """Rows that only the offices for the whole country see."""


class OfAccount:
    """Rows about a person's account: seen by the person, by the offices for the whole country, and by the
    province at whose agencies alone the person's rights lie (``Account.province_id``)."""


class KeptByProvince:
    """Rows of one province that anybody may read, and that the province itself writes beside the country."""


class OwnOnly:
    """Rows that only the person of ``account_id`` sees, at whatever desk."""


class SystemOnly:
    """Rows that no person's session sees; read by named files in a privileged session."""


class ProvinceOwned:
    """Rows of one province."""

    @declared_attr
    def province_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("province.id"), index=True, nullable=False)


class AgencyOwned(ProvinceOwned):
    """Rows of one agency; carries its province too, so that every scope is one indexed equality."""

    @declared_attr
    def agency_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("agency.id"), index=True, nullable=False)


class ParticipationOwned(AgencyOwned):
    """Rows of one agency in one round. Agency and province are copied from the participation's snapshot."""

    @declared_attr
    def participation_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("participation.id", ondelete="CASCADE"), index=True, nullable=False)

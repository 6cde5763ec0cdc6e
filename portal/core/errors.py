"""What a person may be told went wrong: an English message id with values; the error pages say it in Thai."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.core.texts import gettext


class UserError(Exception):
    """Something a person did cannot be done; ``message`` says why and what to do next.

    ``field`` names the input that it is about, so that a form can say it there.
    """

    status = 400
    #: how the form is shown again (portal/core/sent/unsent.py)
    why = "refused"

    def __init__(self, message_id: str, *, field: str = "", **values: Any) -> None:
        super().__init__(message_id)
        self.message_id = message_id
        self.field = field
        self.values = values

    @property
    def message(self) -> str:
        """The message in the reader's language (needs an application context)."""
        return gettext(self.message_id, **self.values)


class NotFound(UserError):
    """No such row, or it lies outside the person's scope: the same answer for both."""

    status = 404

    def __init__(self) -> None:
        super().__init__(
            "This page was not found: the link may be old, or the data belongs to another agency"
        )


class Refused(UserError):
    """The act is not possible now; the reason stands in the message."""

    status = 409


class DoesNotFit(Refused):
    """A text or a number is larger than its place."""

    status = 422


class Stale(UserError):
    """Somebody else saved the row first."""

    status = 409
    why = "stale"

    def __init__(self) -> None:
        super().__init__("Not saved, because somebody changed this page before you")


class Closed(Refused):
    """A stage is closed: says when it opens or that it was open."""

    def __init__(
        self, message_id: str, *, opens_at: datetime | None, closed_at: datetime | None, **values: Any
    ) -> None:
        super().__init__(message_id, **values)
        self.opens_at = opens_at
        self.closed_at = closed_at


class ScopeViolation(Exception):
    """A programming error: a query without an actor, or a write outside the scope. Never shown as it is."""

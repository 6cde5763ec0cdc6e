"""Why an uploaded file cannot be read. Texts are English message ids that say what to do."""

from __future__ import annotations

from portal.core.errors import Refused


class UnreadableFile(Refused):
    """The file as a whole cannot be used; nothing of it was taken."""


class UnknownFormat(UnreadableFile):
    """Neither CSV text nor a workbook."""


class UnsafeWorkbook(UnreadableFile):
    """A workbook with parts that are refused, or that would need too much room or time."""


class TooMuch(UnreadableFile):
    """More rows, columns or bytes than an import takes."""


class NoHeader(UnreadableFile):
    """No row of the file names the columns."""

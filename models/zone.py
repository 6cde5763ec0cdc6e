"""The one time zone of the assessment."""

from zoneinfo import ZoneInfo

BANGKOK = ZoneInfo("Asia/Bangkok")

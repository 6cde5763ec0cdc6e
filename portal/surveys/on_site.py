"""Collecting at an agency's own office, as its admin and its assessor see it: the link, and how many came."""

from __future__ import annotations

from dataclasses import dataclass

from models.participation import Participation
from portal.ballot.links import url_of_code
from portal.ballot.on_site import collected_on_site, on_site_link
from portal.core.texts import _
from reports.qr import qr_svg


@dataclass(frozen=True)
class AtTheOffice:
    """The link for a device at the office, its QR code, and how many answers came by it, in words."""

    url: str
    picture: str
    came: str


def at_the_office(participation: Participation) -> AtTheOffice | None:
    """What an agency collects with at its office; None where its assessor has not asked for it."""
    link = on_site_link(participation)
    if link is None:
        return None
    url = url_of_code(link.code)
    return AtTheOffice(url, qr_svg(url, title=_("QR code of the form at the office")), came(participation))


def came(participation: Participation) -> str:
    """How many answers came on site, in words; a number that is too small to hide in is not said."""
    number, least = collected_on_site(participation), participation.round.detail_threshold
    if not number:
        return _("no answer came at the office yet")
    if number < least:
        return _("fewer than %(least)s answers came at the office", least=least)
    return _("%(count)s answers came at the office", count=f"{number:,}")

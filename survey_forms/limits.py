"""How much may come in per address and per agency. Kept in this process's memory only.

How many at once is decided before, by the lanes of the web server (``portal.core.serving.lanes``).

Addresses are kept under a key that dies with the process; a /64 of IPv6 is one address, since a single phone
may take any of its 2^64. An office sits behind one address, so an address
may send many forms. Loopback is no address of a respondent but a proxy on this machine (or the
demonstration): there only the other limit holds.
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from dataclasses import dataclass, field
from ipaddress import ip_address

RETRY_SECONDS = 20


@dataclass
class Buckets:
    """Token buckets by key: ``burst`` at once, then ``per_second``."""

    burst: float
    per_second: float
    most: int = 50_000
    _levels: dict[bytes, tuple[float, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, key: bytes) -> bool:
        """True where one more is allowed now."""
        now = time.monotonic()
        with self._lock:
            level, since = self._levels.get(key, (self.burst, now))
            level = min(self.burst, level + (now - since) * self.per_second)
            if level < 1:
                self._levels[key] = (level, now)
                return False
            if len(self._levels) >= self.most:
                self._levels.clear()
            self._levels[key] = (level - 1, now)
            return True


class Gate:
    """The limits of one process."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self.addresses = Buckets(burst=120, per_second=1.0)
        self.agencies = Buckets(burst=600, per_second=10.0)

    def admits(self, address: str | None, participation_id: int) -> bool:
        """True where this address and this agency may send one more form."""
        key = self._address_key(address)
        if key is not None and not self.addresses.take(key):
            return False
        return self.agencies.take(str(participation_id).encode())

    def _address_key(self, address: str | None) -> bytes | None:
        try:
            parsed = ip_address(address or "")
        except ValueError:
            return b""
        if parsed.version == 6 and parsed.ipv4_mapped is not None:
            parsed = parsed.ipv4_mapped
        if parsed.is_loopback:
            return None
        network = parsed.packed if parsed.version == 4 else parsed.packed[:8]
        return hmac.digest(self._key, network, "sha256")[:16]


gate = Gate()

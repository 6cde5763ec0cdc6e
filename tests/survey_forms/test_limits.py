"""How much comes in: a burst, then so much a second; addresses as networks, and never as they are."""

from __future__ import annotations

import pytest

from survey_forms.limits import Buckets, Gate


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The machine's seconds, which a test moves."""
    now = [1000.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    return now


def taken(buckets: Buckets, key: bytes, times: int) -> list[bool]:
    return [buckets.take(key) for _time in range(times)]


def test_after_a_burst_one_more_is_allowed_with_every_second(seconds: list[float]) -> None:
    buckets = Buckets(burst=3, per_second=2.0)
    assert taken(buckets, b"a", 4) == [True, True, True, False]
    seconds[0] += 0.4
    assert not buckets.take(b"a")
    seconds[0] += 0.1  # half a second in all: being refused costs nothing
    assert taken(buckets, b"a", 2) == [True, False]
    seconds[0] += 3600
    assert taken(buckets, b"a", 4) == [True, True, True, False], "never more than the burst"


def test_one_key_is_not_another(seconds: list[float]) -> None:
    buckets = Buckets(burst=1, per_second=0.0)
    assert (taken(buckets, b"a", 2), taken(buckets, b"b", 2)) == ([True, False], [True, False])


def test_memory_has_a_bound_at_which_everybody_begins_anew(seconds: list[float]) -> None:
    buckets = Buckets(burst=1, per_second=0.0, most=2)
    assert [buckets.take(key) for key in (b"a", b"b", b"a", b"c")] == [True, True, False, True]
    assert buckets.take(b"a")


def gate(*, addresses: int = 1, agencies: int = 99) -> Gate:
    made = Gate()
    made.addresses = Buckets(burst=addresses, per_second=0.0)
    made.agencies = Buckets(burst=agencies, per_second=0.0)
    return made


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("203.0.113.7", "::ffff:203.0.113.7", True),
        ("2001:db8:1:1::1", "2001:db8:1:1:ffff::9", True),  # a phone has a whole /64
        ("2001:db8:1:1::1", "2001:db8:1:2::1", False),
        (None, "", True),  # who has no address is one of those without
        (None, "not an address", True),
        (None, "203.0.113.7", False),
    ],
)
def test_addresses_that_one_phone_may_have_are_one(one: str | None, other: str, same: bool) -> None:
    small = gate()
    assert small.admits(one, 1)
    assert small.admits(other, 1) is not same


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_a_proxy_on_this_machine_is_no_respondent(address: str) -> None:
    small = gate(addresses=1, agencies=3)
    assert [small.admits(address, 1) for _time in range(4)] == [True, True, True, False]
    assert small.admits(address, 2), "another agency has a limit of its own"


def test_no_address_is_kept_and_two_processes_keep_another_key() -> None:
    kept = []
    for small in (gate(), gate()):
        small.admits("203.0.113.7", 1)
        kept += list(small.addresses._levels)
    assert kept[0] != kept[1]
    assert bytes((203, 0, 113, 7)) not in b"".join(kept)

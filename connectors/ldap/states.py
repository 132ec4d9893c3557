"""Whether an account may sign in, from what each product keeps about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from connectors.ldap.decoding import Attributes

_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_NEVER = {0, 0x7FFFFFFFFFFFFFFF}
# Moments that Active Directory keeps as hundreds of nanoseconds since 1601 (MS-ADA1).
FILE_TIMES = {"accountexpires", "pwdlastset", "lastlogon", "lastlogontimestamp", "badpasswordtime", "lockouttime"}
ALWAYS_LOCKED = b"000001010000Z"
"""`pwdAccountLockedTime` of an account that an administrator has to unlock (draft-behera-ldap-password-policy)."""


def states_of(attributes: Attributes, now: datetime) -> tuple[str, ...]:
    """Of "disabled", "locked" and "expired", what an account is."""
    found = []
    if _is_disabled(attributes):
        found.append("disabled")
    if _is_locked(attributes):
        found.append("locked")
    if (ends := expires_at(attributes)) is not None and ends <= now:
        found.append("expired")
    return tuple(found)


def may_not_work(attributes: Attributes, now: datetime) -> bool:
    """What workflows call disabled. A lock after wrong passwords passes by itself, so it does not count."""
    return bool({"disabled", "expired"} & set(states_of(attributes, now)))


def _is_disabled(attributes: Attributes) -> bool:
    control = _number(attributes, "useraccountcontrol") or 0
    return (
        bool(control & 2)
        or _first(attributes, "pwdaccountlockedtime") == ALWAYS_LOCKED
        or _first(attributes, "nsaccountlock").lower() == b"true"
        or _first(attributes, "ds-pwp-account-disabled").lower() == b"true"
    )


def _is_locked(attributes: Attributes) -> bool:
    locked = _first(attributes, "pwdaccountlockedtime")
    return (bool(locked) and locked != ALWAYS_LOCKED) or bool(_number(attributes, "lockouttime") or 0)


def expires_at(attributes: Attributes) -> datetime | None:
    ticks = _number(attributes, "accountexpires")
    if ticks is not None and ticks not in _NEVER:
        return file_time(ticks)
    if (days := _number(attributes, "shadowexpire")) is not None and 0 <= days < 2_900_000:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=days)
    return general_time(_first(attributes, "ds-pwp-account-expiration-time"))


def file_time(ticks: int) -> datetime | None:
    if ticks in _NEVER:
        return None
    try:
        return _EPOCH + timedelta(microseconds=ticks // 10)
    except OverflowError:
        return None


def general_time(value: bytes) -> datetime | None:
    """A generalised time (RFC 4517, 3.3.13) in UTC; None for anything else."""
    text = value.decode("ascii", "replace")
    digits, zone = text.partition(".")[0].rstrip("Z"), text[-1:]
    if zone != "Z" or not digits.isdigit() or len(digits) not in {10, 12, 14}:
        return None
    try:
        return datetime.strptime(digits.ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def iso(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""


def _first(attributes: Attributes, name: str) -> bytes:
    values = attributes.get(name)
    return values[0] if values else b""


def _number(attributes: Attributes, name: str) -> int | None:
    try:
        return int(_first(attributes, name))
    except ValueError:
        return None

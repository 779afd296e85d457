"""Moments: RFC 3339 in and out, in nanoseconds since the Unix epoch."""

from __future__ import annotations

import re
import time
from calendar import monthrange
from datetime import datetime, timezone
from functools import lru_cache
from typing import Final

_FORM: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))\Z", re.ASCII
)
_NS: Final = 1_000_000_000
_DAYS_TO_1970: Final = 719_162  # from the first day of year 1


def parse_ns(text: str) -> int | None:
    """Nanoseconds since 1970. `None` when it is not RFC 3339 with an offset, or no real date and time.

    A leap second is the last nanosecond of the second before it, and stands only where one can be.
    """
    match = _FORM.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part) for part in match.group(1, 2, 3, 4, 5, 6))
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(year or 4, month)[1]:
        return None
    if hour > 23 or minute > 59 or second > 60:
        return None
    offset_s = 0
    if match.group(8):
        offset_hours, offset_minutes = int(match.group(9)), int(match.group(10))
        if offset_hours > 23 or offset_minutes > 59:
            return None
        offset_s = (offset_hours * 60 + offset_minutes) * (-60 if match.group(8) == "-" else 60)
    is_leap_second = second == 60
    days = _days(year, month, day)
    unix_s = days * 86_400 + hour * 3600 + minute * 60 + min(second, 59) - offset_s
    if is_leap_second:
        return (unix_s + 1) * _NS - 1 if _ends_a_month(unix_s) else None
    return unix_s * _NS + int((match.group(7) or "0").ljust(9, "0"))


def _days(year: int, month: int, day: int) -> int:
    """Days since 1970; also of year 0, which `datetime` does not know."""
    if year == 0:  # a leap year, four years before another
        return datetime(4, month, day).toordinal() - 1 - _DAYS_TO_1970 - (366 + 3 * 365)
    return datetime(year, month, day).toordinal() - 1 - _DAYS_TO_1970


def _ends_a_month(unix_s: int) -> bool:
    """Whether the next second begins a month in UTC."""
    if (unix_s + 1) % 86_400:
        return False
    try:
        return datetime.fromtimestamp(unix_s + 1, timezone.utc).day == 1
    except (ValueError, OverflowError):
        return False


def text_of(unix_ns: int) -> str:
    """RFC 3339 in UTC, to the microsecond."""
    seconds, rest = divmod(unix_ns, _NS)
    return f"{_second_text(seconds)}.{rest // 1000:06d}Z"


@lru_cache(maxsize=4)
def _second_text(unix_s: int) -> str:
    """Most events are of the second of the one before."""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(unix_s))

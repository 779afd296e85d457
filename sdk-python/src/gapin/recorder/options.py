"""Every bound and duration of a recorder, with its unit and default."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Literal, TypedDict

from ..errors import ConfigurationError, Fault

WhenFull = Literal["drop_oldest", "drop_newest", "block"]
OnRefused = Callable[[dict[str, Any], Fault], object]
OnDropped = Callable[[dict[str, Any], str], object]


class Options(TypedDict, total=False):
    """The options of a recorder, as keyword arguments."""

    queue_events_max: int
    queue_bytes_max: int
    when_full: WhenFull
    batch_events_max: int
    batch_bytes_max: int
    batch_age_ms: int
    compress_bytes_min: int
    retry_wait_min_ms: int
    retry_wait_max_ms: int
    retry_for_ms: int
    flush_timeout_ms: int
    disk_queue: str | os.PathLike[str] | None
    on_refused: OnRefused | None
    on_dropped: OnDropped | None


@dataclass(frozen=True)
class Chosen:
    """The options as they are chosen. See the README for what each does."""

    queue_events_max: int = 10_000
    queue_bytes_max: int = 64 * 1024 * 1024
    when_full: WhenFull = "drop_oldest"
    batch_events_max: int = 500
    batch_bytes_max: int = 1024 * 1024
    batch_age_ms: int = 200
    compress_bytes_min: int = 1024
    retry_wait_min_ms: int = 100
    retry_wait_max_ms: int = 10_000
    retry_for_ms: int = 300_000
    flush_timeout_ms: int = 5_000
    disk_queue: str | os.PathLike[str] | None = None
    on_refused: OnRefused | None = None
    on_dropped: OnDropped | None = None

    @staticmethod
    def of(options: Options) -> Chosen:
        """Checked.

        Raises:
            ConfigurationError: an option is unknown or can't be meant.
        """
        known = {field.name for field in fields(Chosen)}
        unknown = sorted(set(options) - known)
        if unknown:
            raise ConfigurationError(f"a recorder has no option {', '.join(unknown)}")
        chosen = Chosen(**options)
        if chosen.when_full not in {"drop_oldest", "drop_newest", "block"}:
            raise ConfigurationError("when_full is drop_oldest, drop_newest or block")
        for field in fields(Chosen):
            value = getattr(chosen, field.name)
            least = 0 if field.name in {"batch_age_ms", "compress_bytes_min", "flush_timeout_ms"} else 1
            if field.type == "int" and (isinstance(value, bool) or not isinstance(value, int) or value < least):
                raise ConfigurationError(f"{field.name} is a whole number of at least {least}")
        return chosen

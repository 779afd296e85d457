"""What a recorder has done so far."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Stats:
    """Counters since the recorder was made (in a forked child: since the fork)."""

    recorded: int = 0
    """Events that were taken into the queue."""
    accepted: int = 0
    """Events that the gateway has acknowledged."""
    refused: int = 0
    """Events that the gateway refused for good; `on_refused` was told."""
    dropped: int = 0
    """Events that were let go; `on_dropped` was told."""
    dropped_by_reason: dict[str, int] = field(default_factory=dict[str, int])
    """`queue_full`, `retry_time_spent`, `closed`, `queue_failed`."""
    queued: int = 0
    """Events that wait or are under way."""
    queued_bytes: int = 0
    """Their bytes."""
    requests: int = 0
    """Requests that were sent."""
    retries: int = 0
    """Requests after which something was to be sent again."""
    retimed: int = 0
    """Events that were given another time, since this machine's clock is ahead."""
    faults: int = 0
    """Faults inside the recorder or in the callbacks, which were swallowed."""
    last_fault: str | None = None
    """The kind of the last fault or refusal."""
    clock_skew_ms: float | None = None
    """How far the gateway's clock is ahead of this machine's; `None` when it is not known yet."""

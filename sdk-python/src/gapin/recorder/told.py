"""What users are told: by the log, once a minute of each kind, and by their callbacks."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from typing import Any, Final

from ..errors import Fault
from .options import Chosen
from .queue import Entry
from .reporter import Reporter


class _Here(threading.local):
    in_callback = False


_here: Final = _Here()


def is_in_callback() -> bool:
    """Whether this thread is inside of a recorder's callback."""
    return _here.in_callback


class Told:
    """Of one recorder. Called without its lock, and after what is told was counted."""

    def __init__(self, chosen: Chosen, count_fault: Callable[[BaseException], None]) -> None:
        self._chosen = chosen
        self._count_fault = count_fault
        self.reporter = Reporter()

    def fault(self, where: str, error: BaseException) -> None:
        """A fault that no caller sees."""
        self._count_fault(error)
        self.warn_of(where, error)

    def warn_of(self, where: str, error: BaseException) -> None:
        """The same, of one that was counted already."""
        self.reporter.warn(f"fault:{where}", f"{where} failed ({type(error).__name__}); your program goes on")

    def dropped(self, entries: Sequence[Entry], why: str) -> None:
        """Events were let go."""
        if not entries:
            return
        self.reporter.warn(f"dropped:{why}", f"events were let go ({why}): see the recorder's stats() and on_dropped")
        on_dropped = self._chosen.on_dropped
        if on_dropped is not None:
            for entry in entries:
                self._call_back("on_dropped", on_dropped, entry, why)

    def refused(self, entry: Entry, fault: Fault) -> None:
        """The gateway does not take an event."""
        self.reporter.warn(
            f"refused:{fault.code}", f"the gateway refused an event for good ({fault.code}): see on_refused"
        )
        if self._chosen.on_refused is not None:
            self._call_back("on_refused", self._chosen.on_refused, entry, fault)

    def _call_back(self, name: str, call: Callable[[dict[str, Any], Any], object], entry: Entry, why: Any) -> None:
        """One that records, and so lets others go, is not told of those: it would never end."""
        if _here.in_callback:
            return
        _here.in_callback = True
        try:
            call(event_of(entry), why)
        except (Exception, SystemExit) as error:
            if isinstance(error, SystemExit) and threading.current_thread() is threading.main_thread():
                raise  # perhaps of a signal's handler, which came in here: the program is to end
            self.fault(name, error)
        finally:
            _here.in_callback = False


def event_of(entry: Entry) -> dict[str, Any]:
    """The event, as it was recorded."""
    event: dict[str, Any] = json.loads(entry.payload)
    return event

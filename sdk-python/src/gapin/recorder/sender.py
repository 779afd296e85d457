"""Signs a batch, sends it, and reads event by event what became of it."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from .. import _answer, _calls, ids, timestamps
from ..canonical import canonicalize
from ..errors import Fault
from ..event import EVENT_ID_DISTANCE_MS_MAX, hmac_hex, with_signature
from ..settings import Settings
from .queue import Entry
from .skew import Skew

GZIP_LEVEL: Final = 1
ANSWER_BYTES_MAX: Final = 16 * 1024 * 1024


@dataclass
class Outcome:
    """What became of a batch."""

    accepted: list[Entry] = field(default_factory=list[Entry])
    refused: list[tuple[Entry, Fault]] = field(default_factory=list[tuple[Entry, Fault]])
    again: list[Entry] = field(default_factory=list[Entry])
    """To be sent again, in their order."""
    why: str = ""
    """Why, of what is to be sent again."""
    retry_after_s: float | None = None
    is_setting: bool = False
    """Whether somebody has to change something (a key, an address) before sending again helps."""
    retimed: int = 0
    requests: int = 0


@dataclass(frozen=True)
class _Body:
    """A batch as it is sent."""

    batch: list[Entry]
    content: bytes
    is_compressed: bool


class Sender:
    """Of one recorder's thread; one request at a time, so that events stay in order.

    While the gateway works on a batch, the next one is signed and compressed: `upcoming` tells which that will be.
    """

    def __init__(
        self,
        settings: Settings,
        compress_bytes_min: int,
        skew: Skew,
        upcoming: Callable[[], list[Entry]] = list,
    ) -> None:
        self._settings = settings
        self._secret = settings.secret().encode()
        self._compress_bytes_min = compress_bytes_min
        self._skew = skew
        self._upcoming = upcoming
        self._ready: _Body | None = None
        self._http: httpx.Client | None = None

    def send(self, batch: Sequence[Entry]) -> Outcome:
        """One batch; in halves where the gateway finds it too large."""
        outcome = Outcome(requests=1)
        try:
            response = self._post(batch)
        except httpx.TimeoutException:
            self.close()  # what may still come on this connection is of no use
            outcome.again, outcome.why = list(batch), "timeout"
            return outcome
        except (httpx.HTTPError, OSError) as error:
            self.close()
            outcome.again, outcome.why = list(batch), f"transport ({type(error).__name__})"
            return outcome
        self._read(response, batch, outcome)
        return outcome

    def close(self) -> None:
        """Closes the connection."""
        http, self._http = self._http, None
        if http is not None:
            http.close()

    def forget(self) -> None:
        """For the child of a fork: the connection and what is ready are the parent's."""
        self._http, self._ready = None, None

    def signed(self, entry: Entry) -> bytes:
        """The event as it is sent: on one line."""
        return (
            entry.payload if entry.is_signed else with_signature(entry.payload, hmac_hex(entry.payload, self._secret))
        )

    def _body_of(self, batch: Sequence[Entry]) -> _Body:
        ready, self._ready = self._ready, None
        if ready is not None and ready.batch == batch:  # the very same entries, of which nothing was changed since
            return ready
        content = b"\n".join([self.signed(entry) for entry in batch])
        if len(content) < self._compress_bytes_min:
            return _Body(list(batch), content, is_compressed=False)
        return _Body(list(batch), gzip.compress(content, GZIP_LEVEL, mtime=0), is_compressed=True)

    def _sent(self, body: _Body) -> Iterator[bytes]:
        """The whole body, and then, while the gateway has it, what comes next is made ready."""
        yield body.content
        try:
            if upcoming := self._upcoming():
                self._ready = self._body_of(upcoming)
        except Exception:  # noqa: BLE001  this request has nothing to do with it, and the next one finds the same
            self._ready = None

    def _post(self, batch: Sequence[Entry]) -> httpx.Response:
        body = self._body_of(batch)
        # With its length, or it would be sent in chunks.
        headers = {"Content-Type": "application/x-ndjson", "Content-Length": str(len(body.content))}
        if body.is_compressed:
            headers["Content-Encoding"] = "gzip"
        timeout_s = self._settings.request_timeout_ms / 1000
        if self._http is None:
            self._http = httpx.Client(
                base_url=self._settings.url, headers=_calls.headers_of(self._settings), timeout=timeout_s
            )
        sent_s, until = time.time(), time.monotonic() + timeout_s
        with self._http.stream("POST", "/aibbar/events", content=self._sent(body), headers=headers) as response:
            answered_s = time.time()
            date_s = _answer.date_s(response.headers.get("date", ""))
            if date_s is not None:
                self._skew.observe(date_s, sent_s, answered_s)
            return _whole(response, until)

    def _read(self, response: httpx.Response, batch: Sequence[Entry], outcome: Outcome) -> None:
        status = response.status_code
        if status == 202 and response.content.startswith(b'{"accepted":%d,"rejected":0,' % len(batch)):
            outcome.accepted = list(batch)  # it begins by saying so: its results need not be read one by one
            return
        body = _answer.body_of(response)
        results = body.get("results")
        if isinstance(results, list) and len(results) == len(batch):
            self._read_results(results, batch, outcome)
            outcome.retry_after_s = _answer.retry_after_s(response) if outcome.again else None
        elif status == 202 and len(batch) == 1 and _calls.is_acknowledgement(body, batch[0].event_id):
            outcome.accepted = list(batch)
        elif status in _answer.RETRYABLE_STATUSES or body.get("code") in _answer.RETRYABLE_CODES:
            outcome.again, outcome.why = list(batch), str(body.get("code") or f"http_{status}")
            outcome.retry_after_s = _answer.retry_after_s(response)
        elif status in {400, 413} and len(batch) > 1:
            self._send_halves(batch, outcome)
        elif status in {400, 413}:
            problem = _answer.error_of(response)
            outcome.refused = [(batch[0], Fault("", problem.code, problem.detail))]
        else:
            outcome.again, outcome.why = list(batch), str(body.get("code") or f"http_{status}")
            outcome.is_setting = True

    def _read_results(self, results: list[Any], batch: Sequence[Entry], outcome: Outcome) -> None:
        for entry, each in zip(batch, results, strict=True):
            result = each if isinstance(each, dict) else {}
            code = str(result.get("code") or "")
            if result.get("status") == "accepted":
                outcome.accepted.append(entry)
            elif code in _answer.RETRYABLE_CODES or result.get("status") != "rejected":
                outcome.again.append(entry)
                outcome.why = outcome.why or code or "unreadable"
            elif code == "timestamp_in_future" and self._retime(entry):
                outcome.again.append(entry)
                outcome.why = outcome.why or code
                outcome.retimed += 1
            else:
                outcome.refused.append((entry, _fault_of(result, code)))

    def _send_halves(self, batch: Sequence[Entry], outcome: Outcome) -> None:
        middle = len(batch) // 2
        for half in (batch[:middle], batch[middle:]):
            if outcome.again:  # the rest stays behind it
                outcome.again += half
                continue
            part = self.send(half)
            outcome.accepted += part.accepted
            outcome.refused += part.refused
            outcome.again += part.again
            outcome.why, outcome.retry_after_s, outcome.is_setting = part.why, part.retry_after_s, part.is_setting
            outcome.retimed += part.retimed
            outcome.requests += part.requests

    def _retime(self, entry: Entry) -> bool:
        """Gives an event the time that it would have had by the gateway's clock, once."""
        correction_s = self._skew.correction_s()
        if entry.is_retimed or entry.is_signed or correction_s is None or correction_s >= 0:
            return (
                False  # another time wants another signature, which need not be of this key; a later one helps nobody
            )
        event = json.loads(entry.payload)
        at_ns = timestamps.parse_ns(event["timestamp"])
        if at_ns is None:
            return False
        at_ns += round(correction_s * 1e9)
        event["timestamp"] = timestamps.text_of(at_ns)
        if abs(ids.unix_ms_of(event["event_id"]) - at_ns // 1_000_000) > EVENT_ID_DISTANCE_MS_MAX:
            event["event_id"] = entry.event_id = ids.new(at_ns)
        entry.payload = canonicalize(event)
        entry.is_retimed = True
        return True


def _fault_of(result: dict[str, Any], code: str) -> Fault:
    faults = _answer.faults_of(result)
    if not faults:
        return Fault("", code, str(result.get("detail") or ""))
    places = "; ".join(f"{fault.pointer} {fault.detail}" for fault in faults)
    return Fault(faults[0].pointer, code, places)


def _whole(response: httpx.Response, until: float) -> httpx.Response:
    """Reads the answer within its bounds: httpx's own time-out begins anew with each byte."""
    chunks: list[bytes] = []
    size = 0
    for chunk in response.iter_bytes():
        chunks.append(chunk)
        size += len(chunk)
        if time.monotonic() > until:
            raise httpx.ReadTimeout("the answer took too long")
        if size > ANSWER_BYTES_MAX:
            raise httpx.RemoteProtocolError("the answer is too long")
    kept = {name: value for name, value in response.headers.items() if name in {"retry-after", "date", "x-request-id"}}
    return httpx.Response(response.status_code, headers=kept, content=b"".join(chunks))

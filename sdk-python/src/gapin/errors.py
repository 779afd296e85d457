"""Everything that can go wrong, as a small tree. None of them shows a key, a secret or an event's contents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where (a JSON Pointer), what (a stable code), and in words."""

    pointer: str
    code: str
    detail: str = ""


class GapinError(Exception):
    """Whatever this package raises. `code` is a stable word; `retryable` says whether trying again may help.

    `status` and `request_id` are those of the answer, where one came.
    """

    code: str = "error"
    retryable: bool = False
    status: int | None = None
    request_id: str | None = None


class ConfigurationError(GapinError):
    """A setting is missing or can't be meant."""

    code = "configuration"


class InvalidEventError(GapinError):
    """The event can't be signed, or is not what its schema says: nothing was sent.

    `code` is the one that the gateway would answer: `invalid_json`, `event_too_large`, `schema_violation`,
    `invalid_signature`, `timestamp_in_future`, `timestamp_too_old` or `event_id_time_mismatch`.
    """

    def __init__(self, code: str, detail: str, errors: Sequence[Fault] = ()) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.errors = tuple(errors)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.code, self.detail, self.errors)


class TransportError(GapinError):
    """No answer came: the connection could not be made, or broke. What was sent may have arrived."""

    code = "transport"
    retryable = True


class TimeoutError_(TransportError):
    """No answer came in time. What was sent may have arrived."""

    code = "timeout"


class UnreadableError(GapinError):
    """What came is nothing that a gateway says: something else answers there. It would come again."""

    code = "unreadable"

    def __init__(self, told: str = "", status: int | None = None, request_id: str | None = None) -> None:
        super().__init__(told)
        self.status = status
        self.request_id = request_id

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (str(self), self.status, self.request_id)


class ApiError(GapinError):
    """The gateway refused, with an RFC 9457 problem."""

    def __init__(
        self,
        code: str,
        status: int,
        detail: str = "",
        request_id: str | None = None,
        retryable: bool = False,
        errors: Sequence[Fault] = (),
        retry_after: float | None = None,
    ) -> None:
        told = f"{status} {code}"
        if detail:
            told += f": {detail}"
        if request_id:
            told += f" (request {request_id})"
        super().__init__(told)
        self.code = code
        self.status: int = status  # pyright: ignore[reportIncompatibleVariableOverride]  here it is always there
        self.detail = detail
        self.request_id = request_id
        self.retryable = retryable
        self.errors = tuple(errors)
        self.retry_after = retry_after
        """Seconds after which trying again is right, where the gateway says so."""

    def __reduce__(self) -> tuple[object, ...]:
        given = (self.code, self.status, self.detail, self.request_id, self.retryable, self.errors, self.retry_after)
        return type(self), given


class InvalidRequestError(ApiError):
    """400, 413, 415 and the like: the request itself is at fault."""


class AuthenticationError(ApiError):
    """401: no key, a bad key, or a bad signature."""


class PermissionDeniedError(ApiError):
    """403: the key may not do this."""


class NotFoundError(ApiError):
    """404: there is no such thing, or it is another organisation's."""


class ConflictError(ApiError):
    """409: it is there already, or somebody else was faster."""


class RateLimitError(ApiError):
    """429: too much; see `retry_after`."""


class ServerError(ApiError):
    """5xx: the gateway can't now."""


def class_for(status: int) -> type[ApiError]:
    """The class of a status that is none of success."""
    by_status: dict[int, type[ApiError]] = {
        401: AuthenticationError,
        403: PermissionDeniedError,
        404: NotFoundError,
        409: ConflictError,
        429: RateLimitError,
    }
    if status in by_status:
        return by_status[status]
    if status >= 500:
        return ServerError
    return InvalidRequestError if 400 <= status < 500 else ApiError

"""GAPIN, the flight recorder for AI systems.

    import gapin

    recorder = gapin.Recorder(ai_version="gpt-4-turbo")
    recorder.decision("refund", "within 30 days", ["refund", "refuse"], chosen="refund", confidence=0.97)

`Recorder` works in the background and never gets in the way; `Client` waits for acknowledgements and reads;
`AsyncClient` does so for asyncio.
"""

from ._context import context
from ._default import default_recorder
from ._version import __version__
from .async_client import AsyncClient
from .canonical import canonicalize
from .client import Client
from .errors import (
    ApiError,
    AuthenticationError,
    ConfigurationError,
    ConflictError,
    Fault,
    GapinError,
    InvalidEventError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
    TimeoutError_,
    TransportError,
    UnreadableError,
)
from .event import sign, verify
from .recorder import Recorder, Stats
from .stream import Gap, LiveEvent, LiveMessage

__all__ = [
    "ApiError",
    "AsyncClient",
    "AuthenticationError",
    "Client",
    "ConfigurationError",
    "ConflictError",
    "Fault",
    "Gap",
    "GapinError",
    "InvalidEventError",
    "InvalidRequestError",
    "LiveEvent",
    "LiveMessage",
    "NotFoundError",
    "PermissionDeniedError",
    "RateLimitError",
    "Recorder",
    "ServerError",
    "Stats",
    "TimeoutError_",
    "TransportError",
    "UnreadableError",
    "__version__",
    "canonicalize",
    "context",
    "default_recorder",
    "sign",
    "verify",
]

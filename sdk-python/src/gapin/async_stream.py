"""The live stream for asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, cast

import httpx

from . import _answer
from .errors import GapinError, TransportError
from .settings import Settings
from .stream import ENDED, Course, Frames, T, headers_of, hold_to_stream, timeout_of

if TYPE_CHECKING:
    from typing_extensions import Self


class AsyncStream(Generic[T]):
    """A stream for `async for`. `cursor` says where it is, to go on there another day."""

    def __init__(self, settings: Settings, filters: Mapping[str, Any]) -> None:
        self._settings = settings
        self._course = Course(filters)
        self._events: AsyncGenerator[T, None] = self._follow()

    @property
    def cursor(self) -> str | None:
        """Where the stream is: pass it as `cursor` to go on behind what came last."""
        return self._course.cursor

    @property
    def gaps(self) -> int:
        """How many gaps were told."""
        return self._course.gaps

    def __aiter__(self) -> AsyncIterator[T]:
        return self

    async def __anext__(self) -> T:
        return await self._events.__anext__()

    async def close(self) -> None:
        """Closes the connection; also done by the end of an `async with`."""
        await self._events.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _follow(self) -> AsyncGenerator[T, None]:
        course = self._course
        async with httpx.AsyncClient(
            base_url=self._settings.url, headers=headers_of(self._settings), timeout=timeout_of(self._settings)
        ) as http:
            while True:
                try:
                    async with http.stream("GET", "/sse/events", params=course.connecting()) as response:
                        if not response.is_success:
                            await response.aread()
                        hold_to_stream(response)
                        async for live in self._frames(response):
                            yield live
                    error: GapinError = TransportError(ENDED)
                except (httpx.HTTPError, httpx.InvalidURL) as broken:
                    error = _answer.transport_error(broken)
                except GapinError as refused:
                    error = refused
                await asyncio.sleep(course.resuming() if course.must_reconnect else course.failed(error))

    async def _frames(self, response: httpx.Response) -> AsyncIterator[T]:
        frames = Frames()
        async for chunk in response.aiter_bytes():
            for name, data in frames.feed(chunk):
                live = self._course.frame(name, data)
                if live is not None:
                    yield cast(T, live)
                if self._course.must_reconnect:
                    return

"""A WSGI service that records what it is asked: loaded once, then forked into workers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import gapin

recorder = gapin.Recorder(batch_age_ms=60_000)
recorder.query("loaded")


def serve(environ: dict[str, Any], start: Callable[[str, list[tuple[str, str]]], Any]) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if path != "/ready":
        recorder.query(path)
    start("200 OK", [("Content-Type", "text/plain")])
    return [path.lstrip("/").encode()]

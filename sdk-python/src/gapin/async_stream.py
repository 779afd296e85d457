from __future__ import annotations
from typing import Any
class AsyncStream:
    def __init__(self, a: Any, b: Any) -> None: ...

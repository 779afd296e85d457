"""The background recorder: what an AI system calls, and whose gateway it never waits for."""

from .options import Options, WhenFull
from .recorder import Recorder
from .stats import Stats

__all__ = ["Options", "Recorder", "Stats", "WhenFull"]

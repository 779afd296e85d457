"""What a client needs to know: from arguments, else from the environment."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from .errors import ConfigurationError

URL_DEFAULT: Final = "http://127.0.0.1:8080"
REQUEST_TIMEOUT_MS_DEFAULT: Final = 10_000
AI_VERSION_DEFAULT: Final = "unknown"

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")


@dataclass(frozen=True)
class Settings:
    """Which gateway, and as whom. Neither the key nor the secret is in its `repr`."""

    url: str
    api_key: str = field(repr=False)
    signing_secret: str | None = field(repr=False)
    signing_key_id: str | None
    ai_id: str | None
    ai_version: str
    request_timeout_ms: int

    @staticmethod
    def of(
        url: str | None = None,
        api_key: str | None = None,
        *,
        signing_secret: str | None = None,
        signing_key_id: str | None = None,
        ai_id: str | None = None,
        ai_version: str | None = None,
        request_timeout_ms: int = REQUEST_TIMEOUT_MS_DEFAULT,
    ) -> Settings:
        """Arguments win over the environment.

        Raises:
            ConfigurationError: a setting is missing or can't be meant.
        """
        url = (url or _env("GAPIN_URL") or URL_DEFAULT).rstrip("/")
        fault = _fault_of_url(url)
        if fault is not None:
            raise ConfigurationError(f"the gateway's address (url, GAPIN_URL) {fault}")
        api_key = api_key or _env("GAPIN_API_KEY")
        if not api_key:
            raise ConfigurationError("there is no API key: pass api_key, or set GAPIN_API_KEY")
        if not api_key.isascii() or not api_key.isprintable():
            raise ConfigurationError("the API key (api_key, GAPIN_API_KEY) holds what no key holds")
        ai_id = ai_id or _env("GAPIN_AI_ID")
        if ai_id is not None and _UUID.match(ai_id) is None:
            raise ConfigurationError("the AI system's id (ai_id, GAPIN_AI_ID) is a UUID")
        if request_timeout_ms <= 0:
            raise ConfigurationError("request_timeout_ms is more than 0")
        secret = signing_secret or _env("GAPIN_SIGNING_SECRET")
        # A key's id belongs to its secret: one from the environment says nothing of a secret that was passed.
        key_id = signing_key_id or (None if signing_secret else _env("GAPIN_SIGNING_KEY_ID"))
        ai_version = ai_version or AI_VERSION_DEFAULT
        return Settings(url, api_key, secret, key_id, ai_id, ai_version[:128], request_timeout_ms)

    def secret(self) -> str:
        """The signing secret.

        Raises:
            ConfigurationError: there is none.
        """
        if self.signing_secret is None:
            raise ConfigurationError("there is no signing secret: pass signing_secret, or set GAPIN_SIGNING_SECRET")
        return self.signing_secret


def _fault_of_url(url: str) -> str | None:
    """What is wrong with an address, without showing any of it: it may hold a password."""
    if not url.startswith(("http://", "https://")):
        return "begins with http:// or https://"
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port  # which is read only now, and may be none
    except ValueError:
        return "is none"
    if "@" in parts.netloc:
        return "holds no credentials: an API key is given as api_key, or GAPIN_API_KEY"
    return None if host else "names a host"


def _env(name: str) -> str | None:
    return os.environ.get(name) or None

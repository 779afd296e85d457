"""Takes out of a call's parameters what opens something: keys, tokens, passwords, and what is sent beside the question.

What a model is told stays, and so do the schemas of its tools, whose members may well be called `password`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, cast

_SECRET: Final = re.compile(
    r"(extra|default)_query|token|hf_token|auth|env"
    r"|(.*_)?(headers|cookies?|credentials?|authorization|authorization_?token|password|passwd|passphrase|secret|secret_?key"
    r"|client_?secret|api_?key|api_?token|access_?token|auth_?token|bearer_?token|session_?token|refresh_?token"
    r"|id_?token|ad_?token|ad_?token_?provider|access_?key|access_?key_?id|private_?key|subscription_?key)"
)
"""Names of parameters, in small letters and with `_` between their words."""

_WITHIN: Final = frozenset({"model_kwargs", "extra_body", "http_options", "client_options", "configurable", "args"})
"""Parameters that hold others."""

_SERVERS: Final = frozenset({"tools", "mcp_servers"})
"""What the model may call: a list, or servers by their names."""

_NEXT_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def without_secrets(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that may be recorded."""
    return {name: _cleaned(name, value) for name, value in parameters.items() if not _is_secret(name)}


def _cleaned(name: object, value: Any) -> Any:
    plain = _plain(name)
    if plain in _WITHIN:
        return _one(value)
    if plain in _SERVERS and isinstance(value, Mapping):
        return {server: _one(one) for server, one in cast("Mapping[str, Any]", value).items()}
    if plain in _SERVERS and isinstance(value, list | tuple):
        return [_one(one) for one in value]
    return value


def _one(value: Any) -> Any:
    return without_secrets(cast("Mapping[str, Any]", value)) if isinstance(value, Mapping) else value


def _is_secret(name: object) -> bool:
    return _SECRET.fullmatch(_plain(name)) is not None


def _plain(name: object) -> str:
    return _NEXT_WORD.sub("_", str(name)).lower().replace("-", "_")

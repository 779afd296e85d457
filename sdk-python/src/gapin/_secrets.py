"""Takes out of a call's parameters what opens something: keys, tokens, passwords, and what is sent beside the question.

What a model is told stays, and so do the schemas of its tools, whose members may well be called `password`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, cast

_SECRET: Final = re.compile(
    r"(extra|default)_query|(.*_)?(headers|cookies|credentials?|authorization|authorization_?token|password|passwd|secret|secret_?key"
    r"|client_?secret|api_?key|api_?token|access_?token|auth_?token|bearer_?token|session_?token|refresh_?token"
    r"|id_?token|ad_?token|ad_?token_?provider|access_?key|access_?key_?id)"
)
"""Names of parameters, in small letters and with `_` between their words."""

_WITHIN: Final = frozenset({"model_kwargs", "extra_body", "http_options", "client_options", "configurable", "args"})
"""Parameters that hold others."""

_SERVERS: Final = frozenset({"tools", "mcp_servers", "mcpservers"})
"""Lists of what the model may call."""


def without_secrets(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that may be recorded."""
    return {name: _cleaned(name, value) for name, value in parameters.items() if not _is_secret(name)}


def _cleaned(name: str, value: Any) -> Any:
    if name.lower() in _WITHIN and isinstance(value, Mapping):
        return without_secrets(cast("Mapping[str, Any]", value))
    if name.lower() in _SERVERS and isinstance(value, list | tuple):
        return [without_secrets(cast("Mapping[str, Any]", one)) if isinstance(one, Mapping) else one for one in value]
    return value


def _is_secret(name: object) -> bool:
    return _SECRET.fullmatch(str(name).lower().replace("-", "_")) is not None

"""What instruments leave out of a call's parameters."""

from __future__ import annotations

from typing import Any

import pytest

from gapin._secrets import without_secrets

pytestmark = [pytest.mark.feature("instruments.framework"), pytest.mark.feature("errors.no_secrets")]

SECRETS = [
    "api_key", "apiKey", "api-key", "x-api-key", "openai_api_key", "authorization", "Authorization",
    "authorization_token", "headers", "extra_headers", "default_headers", "extra_query", "default_query", "cookies",
    "password", "credentials", "client_secret", "aws_secret_access_key", "aws_access_key_id", "aws_session_token",
    "azure_ad_token",
    "azure_ad_token_provider", "huggingfacehub_api_token", "access_token", "id_token",
    "token", "hf_token", "auth", "env", "private_key",
    "passphrase", "subscription_key", "cookie", "openAIApiKey", "xApiKey", "X-Api-Key",
    "awsSecretAccessKey",
]  # fmt: skip
KEPT = [
    "temperature", "max_tokens", "max_completion_tokens", "logit_bias", "stop", "pad_token", "eos_token", "query",
    "metadata", "top_k", "user", "service_tier", "prompt_cache_key", "safety_identifier", "token_type", "header",
]  # fmt: skip


@pytest.mark.parametrize("name", SECRETS)
def test_what_opens_something_is_left_out(name: str) -> None:
    given: Any = {name: "sekret", "extra_body": {name: "sekret", "a": 1}, "tools": [{name: "sekret", "b": 2}, "c"]}
    assert without_secrets(given) == {"extra_body": {"a": 1}, "tools": [{"b": 2}, "c"]}


@pytest.mark.parametrize("name", KEPT)
def test_what_is_asked_is_kept(name: str) -> None:
    schema = {"type": "object", "properties": {"password": {"type": "string"}, "headers": {}}}
    given: Any = {name: 1, "tools": [{"function": {"name": "f", "parameters": schema}}], "response_format": schema}
    assert without_secrets(given) == given


def test_servers_by_their_names_are_looked_through_too() -> None:
    server = {"url": "https://tools.example", "headers": {"Authorization": "sekret"}, "env": {"A": "sekret"}}
    given: Any = {"extra_body": {"mcpServers": {"a": server, "b": "c"}}, "mcp_servers": {"d": server}}
    kept = {"url": "https://tools.example"}
    assert without_secrets(given) == {"extra_body": {"mcpServers": {"a": kept, "b": "c"}}, "mcp_servers": {"d": kept}}


def test_a_name_that_is_no_text_is_no_fault() -> None:
    given: Any = {"extra_body": {1: 2, None: 3}}
    assert without_secrets(given) == given

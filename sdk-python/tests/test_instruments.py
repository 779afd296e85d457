"""Providers' own packages, against a server that speaks their API; what is recorded is read back from the gateway."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from typing import Any

import anthropic
import openai
import pytest
from broken import broken_recorder
from conftest import Stored, settings_of
from faulty import FaultyGateway, refuse
from gateway import Gateway
from provider import Provider

import gapin
import gapin.anthropic
import gapin.openai

QUESTION: Any = [{"role": "user", "content": "How is the weather in Rome?"}]
OPENAI_TOOL: Any = {"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}
RESPONSES_TOOL: Any = {"type": "function", "name": "weather", "parameters": {"type": "object"}, "strict": False}
ANTHROPIC_TOOL: Any = {"name": "weather", "input_schema": {"type": "object"}}
USAGE = {"input_tokens": 11, "output_tokens": 7}


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()
    yield made
    made.stop()


@pytest.fixture
def oa(provider: Provider, recorder: gapin.Recorder) -> openai.OpenAI:
    client = openai.OpenAI(api_key="sk-none", base_url=f"{provider.url}/v1", max_retries=0)
    return gapin.openai.instrument(client, recorder)


@pytest.fixture
def an(provider: Provider, recorder: gapin.Recorder) -> anthropic.Anthropic:
    client = anthropic.Anthropic(api_key="sk-none", base_url=provider.url, max_retries=0)
    return gapin.anthropic.instrument(client, recorder)


def told(recorder: gapin.Recorder, stored: Stored, count: int) -> list[Any]:
    assert recorder.flush(60_000)
    assert recorder.stats().faults == 0
    assert recorder.stats().refused == 0
    return stored(count)


@pytest.mark.feature("instruments.openai")
def test_openai_chat(oa: openai.OpenAI, recorder: gapin.Recorder, stored: Stored) -> None:
    answer = oa.chat.completions.create(model="gpt-4o", messages=QUESTION, temperature=0.2)
    assert answer.choices[0].message.content == "It is sunny."
    query, response = told(recorder, stored, 2)
    assert query["query"] == {"messages": QUESTION, "model": "gpt-4o", "parameters": {"temperature": 0.2}}
    assert response["response"]["output"]["content"] == "It is sunny."
    assert response["response"]["usage"] == USAGE
    assert response["response"]["finish_reason"] == "stop"
    assert response["response"]["model"] == "gpt-4o-2024-08-06"
    assert response["response"]["latency_ms"] > 0
    assert query["metadata"]["labels"] == response["metadata"]["labels"]
    assert query["metadata"]["labels"]["instrument"] == "openai"


@pytest.mark.feature("instruments.openai")
def test_openai_responses(oa: openai.OpenAI, recorder: gapin.Recorder, stored: Stored) -> None:
    answer = oa.responses.create(model="gpt-4o", input="How is the weather?", instructions="Be short.")
    assert answer.output_text == "It is sunny."
    query, response = told(recorder, stored, 2)
    assert query["query"]["prompt"] == "How is the weather?"
    assert query["query"]["parameters"] == {"instructions": "Be short."}
    assert response["response"]["output"][0]["content"][0]["text"] == "It is sunny."
    assert response["response"]["usage"] == USAGE


@pytest.mark.feature("instruments.openai", "instruments.anthropic")
def test_what_opens_a_models_servers_is_not_recorded(
    oa: openai.OpenAI, an: anthropic.Anthropic, recorder: gapin.Recorder, stored: Stored
) -> None:
    mcp: Any = {"type": "mcp", "server_label": "s", "server_url": "https://s.example"}
    opened = {**mcp, "authorization": "sekret", "headers": {"x-key": "sekret"}}
    oa.responses.create(model="gpt-4o", input="How is the weather?", tools=[opened])
    server: Any = {"type": "url", "name": "s", "url": "https://s.example"}
    opened = {**server, "authorization_token": "sekret"}
    an.beta.messages.create(model="claude-x", max_tokens=100, messages=QUESTION, mcp_servers=[opened])
    events = told(recorder, stored, 5)  # the tool that the first one called among them
    assert "sekret" not in str(events)
    asked = [event["query"]["parameters"] for event in events if event["event_type"] == "ai.query"]
    assert asked == [{"tools": [mcp]}, {"max_tokens": 100, "mcp_servers": [server]}]


@pytest.mark.feature("instruments.openai", "instruments.anthropic")
def test_what_is_sent_beside_the_question_is_not_recorded(
    oa: openai.OpenAI, an: anthropic.Anthropic, recorder: gapin.Recorder, stored: Stored
) -> None:
    beside: Any = {"extra_headers": {"X-Api-Key": "sekret"}, "extra_query": {"key": "sekret"}}
    oa.chat.completions.create(model="gpt-4o", messages=QUESTION, **beside)
    list(oa.chat.completions.create(model="gpt-4o", messages=QUESTION, stream=True, **beside))
    oa.with_options(api_key="sekret").responses.create(model="gpt-4o", input="How?", **beside)
    an.messages.create(model="claude-x", max_tokens=100, messages=QUESTION, **beside)
    assert "sekret" not in str(told(recorder, stored, 8))


@pytest.mark.feature("instruments.openai")
@pytest.mark.parametrize("prompt", ["How is the weather?", ["In Rome?", "In Pisa?"]])
def test_openai_completions(oa: openai.OpenAI, recorder: gapin.Recorder, stored: Stored, prompt: Any) -> None:
    answer = oa.completions.create(model="gpt-3.5-turbo-instruct", prompt=prompt, max_tokens=7)
    assert answer.choices[0].text == "It is sunny."
    query, response = told(recorder, stored, 2)
    asked = {"prompt": prompt} if isinstance(prompt, str) else {"messages": [prompt]}
    assert query["query"] == {**asked, "model": "gpt-3.5-turbo-instruct", "parameters": {"max_tokens": 7}}
    output = "It is sunny." if isinstance(prompt, str) else ["It is sunny.", "It is sunny."]
    assert response["response"]["output"] == output
    assert response["response"]["usage"] == USAGE
    assert response["response"]["finish_reason"] == "stop"
    assert response["response"]["model"] == "gpt-3.5-turbo-instruct"


@pytest.mark.feature("instruments.openai_streamed")
@pytest.mark.parametrize("prompt", ["How is the weather?", ["In Rome?", "In Pisa?"]])
def test_openai_completions_streamed(oa: openai.OpenAI, recorder: gapin.Recorder, stored: Stored, prompt: Any) -> None:
    chunks = oa.completions.create(
        model="gpt-3.5-turbo-instruct", prompt=prompt, stream=True, stream_options={"include_usage": True}
    )
    texts = [choice.text for chunk in chunks for choice in chunk.choices if choice.index == 0]
    assert "".join(texts) == "It is sunny."
    _, response = told(recorder, stored, 2)
    output = "It is sunny." if isinstance(prompt, str) else ["It is sunny.", "It is sunny."]
    assert response["response"]["output"] == output
    assert response["response"]["usage"] == USAGE
    assert response["response"]["finish_reason"] == "stop"


@pytest.mark.feature("instruments.openai_streamed")
def test_openai_completions_streamed_async(provider: Provider, recorder: gapin.Recorder, stored: Stored) -> None:
    async def ask() -> str:
        async with openai.AsyncOpenAI(api_key="sk-none", base_url=f"{provider.url}/v1") as client:
            gapin.openai.instrument(client, recorder)
            parts = await client.completions.create(model="gpt-3.5-turbo-instruct", prompt="How?", stream=True)
            return "".join([part.choices[0].text async for part in parts])

    assert asyncio.run(ask()) == "It is sunny."
    _, response = told(recorder, stored, 2)
    assert response["response"]["output"] == "It is sunny."


@pytest.mark.feature("instruments.openai")
def test_openai_async_and_raw_and_copies(
    provider: Provider, recorder: gapin.Recorder, oa: openai.OpenAI, stored: Stored
) -> None:
    async def ask() -> str | None:
        async with openai.AsyncOpenAI(api_key="sk-none", base_url=f"{provider.url}/v1") as client:
            gapin.openai.instrument(client, recorder)
            gapin.openai.instrument(client, recorder)  # once is enough
            answer = await client.chat.completions.create(model="gpt-4o", messages=QUESTION)
            return answer.choices[0].message.content

    assert asyncio.run(ask()) == "It is sunny."
    raw = oa.chat.completions.with_raw_response.create(model="gpt-4o", messages=QUESTION)
    assert raw.parse().choices[0].message.content == "It is sunny."
    copy = oa.with_options(timeout=5)
    copy.chat.completions.create(model="gpt-4o", messages=QUESTION)
    events = told(recorder, stored, 6)
    assert [event["event_type"] for event in events] == ["ai.query", "ai.response"] * 3
    assert all(event["response"]["usage"] == USAGE for event in events[1::2])


@pytest.mark.feature("instruments.openai_streamed")
def test_openai_chat_streamed(oa: openai.OpenAI, recorder: gapin.Recorder, stored: Stored) -> None:
    options: Any = {"include_usage": True}
    stream = oa.chat.completions.create(model="gpt-4o", messages=QUESTION, stream=True, stream_options=options)
    assert isinstance(stream, openai.Stream)
    chunks = list(stream)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == "It is sunny."
    assert len(chunks) == 6
    _, response = told(recorder, stored, 2)
    assert response["response"]["output"] == {"role": "assistant", "content": "It is sunny."}
    assert response["response"]["usage"] == USAGE
    assert response["response"]["finish_reason"] == "stop"


@pytest.mark.feature("instruments.openai_streamed")
def test_openai_responses_streamed_async(provider: Provider, recorder: gapin.Recorder, stored: Stored) -> None:
    async def ask() -> str:
        async with openai.AsyncOpenAI(api_key="sk-none", base_url=f"{provider.url}/v1") as client:
            gapin.openai.instrument(client, recorder)
            stream = await client.responses.create(model="gpt-4o", input="How?", stream=True)
            return "".join([event.delta async for event in stream if event.type == "response.output_text.delta"])

    assert asyncio.run(ask()) == "It is sunny."
    _, response = told(recorder, stored, 2)
    assert response["response"]["output"][0]["content"][0]["text"] == "It is sunny."
    assert response["response"]["usage"] == USAGE


@pytest.mark.feature("instruments.openai_streamed")
def test_a_stream_that_is_left_is_recorded_as_far_as_it_came(
    oa: openai.OpenAI, recorder: gapin.Recorder, stored: Stored
) -> None:
    stream = oa.chat.completions.create(model="gpt-4o", messages=QUESTION, stream=True)
    next(iter(stream))
    assert next(stream).choices[0].delta.content == "It "
    stream.close()
    del stream
    gc.collect()
    _, response = told(recorder, stored, 2)
    assert response["response"]["output"]["content"] == "It "
    assert response["response"]["finish_reason"] == "cut"


@pytest.mark.feature("instruments.anthropic")
def test_anthropic_messages(an: anthropic.Anthropic, recorder: gapin.Recorder, stored: Stored) -> None:
    answer = an.messages.create(model="claude-x", max_tokens=100, system="Be short.", messages=QUESTION)
    assert answer.content[0].type == "text"
    query, response = told(recorder, stored, 2)
    assert query["query"]["messages"] == [{"role": "system", "content": "Be short."}, *QUESTION]
    assert query["query"]["parameters"] == {"max_tokens": 100}
    assert response["response"]["output"] == [{"type": "text", "text": "It is sunny."}]
    assert response["response"]["usage"] == USAGE
    assert response["response"]["finish_reason"] == "end_turn"


@pytest.mark.feature("instruments.anthropic")
def test_anthropic_async(provider: Provider, recorder: gapin.Recorder, stored: Stored) -> None:
    async def ask() -> str:
        async with anthropic.AsyncAnthropic(api_key="sk-none", base_url=provider.url) as client:
            gapin.anthropic.instrument(client, recorder)
            answer = await client.messages.create(model="claude-x", max_tokens=100, messages=QUESTION)
            return answer.model

    assert asyncio.run(ask()) == "claude-x"
    _, response = told(recorder, stored, 2)
    assert response["response"]["usage"] == USAGE


@pytest.mark.feature("instruments.anthropic_streamed")
@pytest.mark.parametrize("helper", [False, True])
def test_anthropic_streamed(an: anthropic.Anthropic, recorder: gapin.Recorder, stored: Stored, helper: bool) -> None:
    if helper:
        with an.messages.stream(model="claude-x", max_tokens=100, messages=QUESTION) as stream:
            assert "".join(stream.text_stream) == "It is sunny."
            assert stream.get_final_message().usage.output_tokens == 7
    else:
        events = an.messages.create(model="claude-x", max_tokens=100, messages=QUESTION, stream=True)
        assert isinstance(events, anthropic.Stream)
        assert [event.type for event in events][-1] == "message_stop"
    _, response = told(recorder, stored, 2)
    assert response["response"]["output"] == [{"type": "text", "text": "It is sunny."}]
    assert response["response"]["usage"] == USAGE
    assert response["response"]["finish_reason"] == "end_turn"


@pytest.mark.feature("instruments.anthropic_streamed")
def test_anthropic_streamed_async(provider: Provider, recorder: gapin.Recorder, stored: Stored) -> None:
    async def ask() -> str:
        async with anthropic.AsyncAnthropic(api_key="sk-none", base_url=provider.url) as client:
            gapin.anthropic.instrument(client, recorder)
            async with client.messages.stream(model="claude-x", max_tokens=100, messages=QUESTION) as stream:
                return "".join([text async for text in stream.text_stream])

    assert asyncio.run(ask()) == "It is sunny."
    _, response = told(recorder, stored, 2)
    assert response["response"]["usage"] == USAGE


@pytest.mark.feature("instruments.tool_calls")
@pytest.mark.parametrize("stream", [False, True])
def test_tool_calls_are_actions(
    oa: openai.OpenAI, an: anthropic.Anthropic, recorder: gapin.Recorder, stored: Stored, stream: bool
) -> None:
    asked: Any = {"stream": stream}
    for ask in (
        lambda: oa.chat.completions.create(model="gpt-4o", messages=QUESTION, tools=[OPENAI_TOOL], **asked),
        lambda: an.messages.create(model="claude-x", max_tokens=9, messages=QUESTION, tools=[ANTHROPIC_TOOL], **asked),
        lambda: oa.responses.create(model="gpt-4o", input="How?", tools=[RESPONSES_TOOL], **asked),
    ):
        answer: Any = ask()
        if stream:
            list(answer)
    events = told(recorder, stored, 9)
    assert [event["event_type"] for event in events] == ["ai.query", "ai.response", "ai.action"] * 3
    for action, call in zip(events[2::3], ("call_1", "toolu_1", "call_1"), strict=True):
        assert action["action"]["function"] == "weather"
        assert action["action"]["input"] == {"city": "Rome"}
        assert action["metadata"]["labels"]["tool_call"] == call


@pytest.mark.feature("instruments.tool_calls")
@pytest.mark.parametrize("stream", [False, True])
def test_custom_tools_are_given_text(oa: openai.OpenAI, recorder: gapin.Recorder, stored: Stored, stream: bool) -> None:
    tool: Any = {"type": "custom", "custom": {"name": "grep"}}
    asked: Any = {"stream": stream}
    answer: Any = oa.chat.completions.create(model="gpt-4o", messages=QUESTION, tools=[tool], **asked)
    if stream:
        list(answer)
    _, _, action = told(recorder, stored, 3)
    assert action["action"]["function"] == "grep"
    assert action["action"]["input"] == "needle.*"


@pytest.mark.feature("instruments.transparent")
def test_errors_reach_the_caller_and_are_recorded(
    oa: openai.OpenAI, an: anthropic.Anthropic, recorder: gapin.Recorder, stored: Stored
) -> None:
    with pytest.raises(openai.RateLimitError) as openais:
        oa.chat.completions.create(model="broken", messages=QUESTION)
    with pytest.raises(anthropic.APIStatusError) as anthropics:
        an.messages.create(model="broken", max_tokens=1, messages=QUESTION)
    assert openais.value.request_id == "req_1"
    assert anthropics.value.status_code == 529
    events = told(recorder, stored, 4)
    errors = [event["error"] for event in events if event["event_type"] == "ai.error"]
    assert [error["code"] for error in errors] == [type(openais.value).__name__, type(anthropics.value).__name__]
    assert all(error["recoverable"] for error in errors)
    assert all(event["query"]["model"] == "broken" for event in events)


@pytest.mark.feature("instruments.transparent")
def test_a_broken_recorder_is_not_noticed(
    provider: Provider, gateway: Gateway, faulty: FaultyGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty.script.always = refuse(503, "overloaded")
    plain = openai.OpenAI(api_key="sk-none", base_url=f"{provider.url}/v1")
    wanted = plain.chat.completions.create(model="gpt-4o", messages=QUESTION).model_dump()
    with gapin.Recorder(**settings_of(gateway, url=faulty.url), flush_timeout_ms=100) as recorder:
        watched = gapin.openai.instrument(plain.copy(), recorder)
        monkeypatch.setattr(recorder, "record", lambda event: 1 / 0)
        answer = watched.chat.completions.create(model="gpt-4o", messages=QUESTION)
        assert answer.model_dump() == wanted
        chunks = list(watched.chat.completions.create(model="gpt-4o", messages=QUESTION, stream=True))
        assert len(chunks) == 5
        assert recorder.stats().faults >= 2
    assert provider.requests[0] == provider.requests[1]


@pytest.mark.feature("instruments.transparent")
def test_openai_does_not_notice_a_recorder_that_can_do_nothing(provider: Provider) -> None:
    recorder, asked = broken_recorder()
    client = openai.OpenAI(api_key="sk-none", base_url=f"{provider.url}/v1", max_retries=0)
    watched = gapin.openai.instrument(client, recorder)
    answer = watched.chat.completions.create(model="gpt-4o", messages=QUESTION)
    assert answer.choices[0].message.content == "It is sunny."
    assert len(list(watched.chat.completions.create(model="gpt-4o", messages=QUESTION, stream=True))) == 5
    with pytest.raises(openai.RateLimitError):
        watched.chat.completions.create(model="broken", messages=QUESTION)
    assert asked, "it was tried"


@pytest.mark.feature("instruments.transparent")
def test_anthropic_does_not_notice_a_broken_recorder(
    provider: Provider, recorder: gapin.Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing, asked = broken_recorder()
    # Of one the question is still recorded, and then nothing works.
    monkeypatch.setattr(recorder, "record", lambda event: None if event["event_type"] == "ai.query" else 1 / 0)
    plain = anthropic.Anthropic(api_key="sk-none", base_url=provider.url, max_retries=0)
    question: Any = {"model": "claude-x", "max_tokens": 100, "messages": QUESTION, "tools": [ANTHROPIC_TOOL]}
    wanted = plain.messages.create(**question).model_dump()
    parts = [part.model_dump() for part in plain.messages.create(**question, stream=True)]
    for one in (recorder, nothing):
        watched = gapin.anthropic.instrument(plain.copy(), one)
        assert watched.messages.create(**question).model_dump() == wanted
        assert [part.model_dump() for part in watched.messages.create(**question, stream=True)] == parts
        with watched.messages.stream(**question) as stream:
            assert "".join(stream.text_stream) == "It is sunny."
        with pytest.raises(anthropic.APIStatusError) as raised:
            watched.messages.create(**{**question, "model": "broken"})
        assert raised.value.status_code == 529
    assert recorder.stats().faults == 4
    assert asked, "it was tried"
    assert provider.requests[0] == provider.requests[2], "the question is the same"


@pytest.mark.feature("instruments.transparent")
def test_anthropic_async_does_not_notice_a_broken_recorder(provider: Provider) -> None:
    recorder, asked = broken_recorder()

    async def ask() -> tuple[str, str]:
        async with anthropic.AsyncAnthropic(api_key="sk-none", base_url=provider.url, max_retries=0) as client:
            gapin.anthropic.instrument(client, recorder)
            answer = await client.messages.create(model="claude-x", max_tokens=100, messages=QUESTION)
            async with client.messages.stream(model="claude-x", max_tokens=100, messages=QUESTION) as stream:
                streamed = "".join([text async for text in stream.text_stream])
            with pytest.raises(anthropic.APIStatusError):
                await client.messages.create(model="broken", max_tokens=100, messages=QUESTION)
            return answer.model, streamed

    assert asyncio.run(ask()) == ("claude-x", "It is sunny.")
    assert asked, "it was tried"

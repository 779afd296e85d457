"""LangChain and LangGraph, with their real packages."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from broken import broken_recorder
from conftest import Stored
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableLambda
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from langgraph.prebuilt import create_react_agent
from provider import Provider

import gapin
import gapin.langchain


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()
    yield made
    made.stop()


@pytest.fixture
def model(provider: Provider) -> ChatOpenAI:
    made: Any = ChatOpenAI
    return made(model="gpt-4o", api_key="sk-none", base_url=f"{provider.url}/v1", max_retries=0, stream_usage=True)


@pytest.fixture
def config(recorder: gapin.Recorder) -> Any:
    return {"callbacks": [gapin.langchain.CallbackHandler(recorder)]}


def told(recorder: gapin.Recorder, stored: Stored, count: int) -> list[Any]:
    assert recorder.flush(60_000)
    assert recorder.stats().faults == recorder.stats().refused == 0
    return stored(count)


@pytest.mark.feature("instruments.framework")
@pytest.mark.parametrize("streamed", [False, True])
def test_a_chain(model: ChatOpenAI, config: Any, recorder: gapin.Recorder, stored: Stored, streamed: bool) -> None:
    chain = ChatPromptTemplate.from_messages([("human", "How is the weather in {city}?")]) | model
    if streamed:
        parts = [part.content for part in chain.stream({"city": "Rome"}, config=config)]
        assert "".join(map(str, parts)) == "It is sunny."
    else:
        assert chain.invoke({"city": "Rome"}, config=config).content == "It is sunny."
    query, response = told(recorder, stored, 2)
    assert query["query"]["messages"] == [{"role": "human", "content": "How is the weather in Rome?"}]
    assert query["query"]["model"] == "gpt-4o"
    assert response["response"]["output"]["content"] == "It is sunny."
    assert response["response"]["usage"] == {"input_tokens": 11, "output_tokens": 7}
    assert response["response"]["finish_reason"] == "stop"


@pytest.mark.feature("instruments.framework")
def test_what_is_sent_beside_the_question_is_not_recorded(
    model: ChatOpenAI, config: Any, recorder: gapin.Recorder, stored: Stored
) -> None:
    beside: Any = {
        "extra_headers": {"Authorization": "Bearer sekret"},
        "extra_query": {"key": "sekret"},
        "extra_body": {"api_key": "sekret", "top_k": 3},
    }
    assert model.bind(**beside).invoke("How?", config=config, temperature=0.5).content == "It is sunny."
    with pytest.raises(TypeError):
        model.invoke("How?", config=config, api_key="sekret")
    events = told(recorder, stored, 4)
    assert "sekret" not in str(events)
    asked = events[0]["query"]["parameters"]
    assert (asked["temperature"], asked["extra_body"]) == (0.5, {"top_k": 3})


@pytest.mark.feature("instruments.framework")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_an_agent_of_langgraph_and_its_tools(
    model: ChatOpenAI, config: Any, recorder: gapin.Recorder, stored: Stored
) -> None:
    @tool
    def weather(city: str) -> str:
        """The weather of a city."""
        return f"sunny in {city}"

    agent = create_react_agent(model, [weather])
    with gapin.context(session_id="s-1"):
        result = agent.invoke({"messages": [("human", "How is the weather?")]}, config=config)
    assert result["messages"][-1].content == "It is sunny."
    events = told(recorder, stored, 5)
    assert [event["event_type"] for event in events] == [
        "ai.query", "ai.response", "ai.action", "ai.query", "ai.response",
    ]  # fmt: skip
    action = events[2]["action"]
    assert action["function"] == "weather"
    assert action["input"] == {"city": "Rome"}
    assert action["output"]["content"] == "sunny in Rome"
    assert all(event["metadata"]["session_id"] == "s-1" for event in events)


@pytest.mark.feature("instruments.framework")
def test_errors_are_recorded_once(config: Any, recorder: gapin.Recorder, stored: Stored, provider: Provider) -> None:
    made: Any = ChatOpenAI
    broken = made(model="broken", api_key="sk-none", base_url=f"{provider.url}/v1", max_retries=0)
    with pytest.raises(Exception, match="Slow down"):
        (RunnableLambda(lambda given: given) | broken).invoke("How?", config=config)
    query, error = told(recorder, stored, 2)
    assert query["event_type"] == "ai.query"
    assert error["error"]["code"].endswith("RateLimitError")
    assert error["query"]["model"] == "broken"


@pytest.mark.feature("instruments.framework")
@pytest.mark.parametrize("streamed", [False, True])
def test_a_chain_in_asyncio(
    model: ChatOpenAI, config: Any, recorder: gapin.Recorder, stored: Stored, streamed: bool
) -> None:
    chain = ChatPromptTemplate.from_messages([("human", "How is the weather in {city}?")]) | model

    async def ask(city: str) -> str:
        with gapin.context(session_id=f"of-{city}"):
            if streamed:
                return "".join([str(part.content) async for part in chain.astream({"city": city}, config=config)])
            return str((await chain.ainvoke({"city": city}, config=config)).content)

    async def ask_both() -> list[str]:
        return await asyncio.gather(ask("Rome"), ask("Bern"))

    assert asyncio.run(ask_both()) == ["It is sunny."] * 2
    events = told(recorder, stored, 4)
    for city in ("Rome", "Bern"):  # each task's events have its own context
        query, response = [event for event in events if event["metadata"]["session_id"] == f"of-{city}"]
        assert query["query"]["messages"] == [{"role": "human", "content": f"How is the weather in {city}?"}]
        assert response["response"]["output"]["content"] == "It is sunny."
        assert response["response"]["usage"] == {"input_tokens": 11, "output_tokens": 7}
        assert response["response"]["finish_reason"] == "stop"
        assert response["metadata"]["labels"] == query["metadata"]["labels"]


class NoSuchCity(Exception):
    """What the tools and retrievers of these tests raise."""


@tool
def forecast(city: str) -> str:
    """The weather of a city."""
    raise NoSuchCity(city)


class Library(BaseRetriever):
    """Knows nothing."""

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        raise NoSuchCity(query)


async def later(runnable: Any, given: Any, config: Any) -> Any:
    return await runnable.ainvoke(given, config=config)


@pytest.mark.feature("instruments.framework")
@pytest.mark.parametrize("in_asyncio", [False, True])
@pytest.mark.parametrize("inside_a_chain", [False, True])
@pytest.mark.parametrize(("runnable", "given"), [(forecast, {"city": "Atlantis"}), (Library(), "Atlantis")])
def test_what_a_tool_and_a_retriever_raise_reaches_the_caller_and_is_recorded_once(
    config: Any, recorder: gapin.Recorder, stored: Stored, runnable: Any, given: Any, inside_a_chain: bool,
    in_asyncio: bool,
) -> None:  # fmt: skip
    called = RunnableLambda(lambda same: same) | runnable if inside_a_chain else runnable
    with pytest.raises(NoSuchCity, match="Atlantis"):
        if in_asyncio:
            asyncio.run(later(called, given, config))
        else:
            called.invoke(given, config=config)
    (event,) = told(recorder, stored, 1)
    assert event["event_type"] == "ai.error"
    assert event["error"]["code"].endswith("NoSuchCity")
    assert event["error"]["message"] == "Atlantis"
    assert event["metadata"]["labels"]["instrument"] == "langchain"


@pytest.mark.feature("instruments.transparent")
@pytest.mark.parametrize("which", ["record", "all"])
def test_a_broken_recorder_is_not_noticed(
    model: ChatOpenAI, recorder: gapin.Recorder, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    nothing, asked = broken_recorder()
    monkeypatch.setattr(recorder, "record", lambda event: 1 / 0)
    watching = gapin.langchain.CallbackHandler(recorder if which == "record" else nothing)
    watching.raise_error = True  # else LangChain hides what a handler raises
    config: Any = {"callbacks": [watching]}
    assert model.invoke("How?", config=config).content == "It is sunny."
    assert "".join(str(part.content) for part in model.stream("How?", config=config)) == "It is sunny."
    assert asyncio.run(later(model, "How?", config)).content == "It is sunny."
    for runnable, given in ((forecast, {"city": "Atlantis"}), (Library(), "Atlantis")):
        with pytest.raises(NoSuchCity):
            runnable.invoke(given, config=config)
    assert RunnableLambda(lambda text: text.upper()).invoke("a", config=config) == "A"
    assert recorder.stats().faults == (8 if which == "record" else 0)
    assert bool(asked) == (which == "all")

"""Asks with clients, and makes a child that asks with the same ones: client_forks.py URL"""

import asyncio
import os
import sys
from typing import Any

import gapin

client, in_asyncio = gapin.Client(sys.argv[1]), gapin.AsyncClient(sys.argv[1])


def ask(who: str) -> None:
    event: dict[str, Any] = {"event_type": "ai.query", "query": {"prompt": who}}
    assert client.record(event)["status"] == "accepted"


def ask_in_asyncio(who: str) -> None:
    event: dict[str, Any] = {"event_type": "ai.query", "query": {"prompt": f"{who} in asyncio"}}
    assert asyncio.run(in_asyncio.record(event))["status"] == "accepted"


ask("parent")
ask_in_asyncio("parent")
process = os.fork()
if process == 0:
    ask("child")
    ask_in_asyncio("child")
    client.close()
    os._exit(0)
assert os.waitpid(process, 0)[1] == 0
ask("parent again")

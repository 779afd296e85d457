"""Many tasks of one service: each has its own context, and none waits for the recorder."""

from __future__ import annotations

import asyncio

import gapin


async def main() -> None:
    async with gapin.Recorder(ai_version="service-1") as recorder:

        @recorder.wrap(name="answer")
        async def answer(question: str) -> str:
            await asyncio.sleep(0.01)
            return question.upper()

        async def handle(number: int) -> str:
            with gapin.context(request_id=f"request-{number}"):
                return await answer(f"question {number}")

        answers = await asyncio.gather(*(handle(number) for number in range(20)))
        await recorder.aflush(30_000)
        print(len(answers), "answers,", recorder.stats().accepted, "events are kept")


asyncio.run(main())

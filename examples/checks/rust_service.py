"""The payments: each is decided, answered and kept, on the orders of who gave them; the end loses nothing."""

from __future__ import annotations

import json

from .checkout import COPY, blocks, environment, expect, run
from .gateway import Gateway, hidden, sessions, types
from .processes import Process, free_port

PAYMENT = ["query", "action", "decision", "response"]


def check() -> str:
    start, pay = blocks("rust-service")
    folder = start.splitlines()[1]
    tested = run(f"{folder}\nnice -n 19 cargo build --locked\nnice -n 19 cargo test --locked")
    expect("1 passed" in tested, tested)
    listen = f"127.0.0.1:{free_port()}"
    expect("127.0.0.1:8090" in pay, "the README's payments go where the service listens")
    with Gateway() as gateway:
        env = environment(LISTEN=listen)
        script = f"set -euo pipefail\n{start.replace('cargo run', 'exec cargo run')}"
        with Process(["bash", "-c", script], COPY.parent / "payments.log", COPY, env) as service:
            service.until("it listens", lambda: f"http://{listen}" in service.said.read_text())
            answers = [json.loads(line) for line in run(pay.replace("127.0.0.1:8090", listen)).splitlines()]
            service.end()
            said = service.said.read_text()
        expect(said.endswith("14 events are kept\n"), said)
        decided = [answer.get("decided") for answer in answers]
        expect(decided == ["pay", "hold", "refuse", None], f"{answers}")
        expect(answers[3] == {"error": "there is no such account"}, f"{answers[3]}")

        payments = list(sessions(gateway.wait_for(14)).values())
        told = [types(payment) for payment in payments]
        expect(told == [PAYMENT, PAYMENT, PAYMENT, ["query", "error"]], f"the payments' events are {told}")
        users = [{record["event"]["metadata"]["user_id"] for record in payment} for payment in payments]
        expect(users == [{"ada"}, {"ada"}, {"eve"}, {"eve"}], f"they are of {users}")
        for answer, payment in zip(answers[:3], payments[:3], strict=True):
            decision = payment[2]
            expect(decision["record"]["event_id"] == answer["event_id"], "the answer names the event")
            expect(decision["event"]["decision"]["chosen"] == answer["decided"], "and the event says the same")
            expect(payment[0]["event"]["metadata"]["session_id"] == f"payment-{answer['payment']}", "of its payment")
        expect(payments[3][1]["event"]["error"]["message"] == "there is no such account", f"{payments[3][1]}")
        expect(hidden(payments[0][0]) == {"iban"}, f"hidden is {hidden(payments[0][0])}")
        expect(hidden(payments[1][0]) == {"iban", "email"}, f"hidden is {hidden(payments[1][0])}")
        gateway.has_nowhere("DE89 3704 0044 0532 0130 00", "bob@example.com")
    return "14 events of 4 payments, with who ordered each"

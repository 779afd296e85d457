"""A real SMTP server for tests: writes each message that it is given as one line of JSON, and nothing else.

usage: server.py FILE [USER PASSWORD]

It prints the port that it took. With a user and a password it takes messages after `AUTH` alone. A message to an
address that begins with `refused` is refused for good; the first to one that begins with `later` is refused for now.
"""

import asyncio
import base64
import email
import email.policy
import json
import signal
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class Letters:
    """Keeps what is sent."""

    def __init__(self, path):
        self.path = path
        self.later = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused"):
            return f"550 5.1.1 <{address}>: no such mailbox"
        if address.startswith("later") and address not in self.later:
            self.later.add(address)
            return f"451 4.3.0 <{address}>: try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        part = lambda kind: message.get_body((kind,)).get_content() if message.get_body((kind,)) else None
        letter = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "headers": {name.lower(): str(value) for name, value in message.items()},
            "text": part("plain"),
            "html": part("html"),
            "raw": base64.b64encode(envelope.content).decode(),
        }
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(json.dumps(letter) + "\n")
        return "250 OK"


def authenticator(user, password):
    def check(server, session, envelope, mechanism, data):
        good = isinstance(data, LoginPassword) and (data.login, data.password) == (user.encode(), password.encode())
        return AuthResult(success=good, handled=False)

    return check


async def main(path, user=None, password=None):
    letters = Letters(path)
    options = {"enable_SMTPUTF8": True}
    if user is not None:
        options |= {"authenticator": authenticator(user, password), "auth_required": True, "auth_require_tls": False}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(letters, loop=loop, **options), "127.0.0.1", 0)
    ended = asyncio.Event()
    for ending in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(ending, ended.set)
    print("listening on", server.sockets[0].getsockname()[1], flush=True)
    await ended.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

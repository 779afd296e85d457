"""Who schemathesis is: whoever FUZZ_CREDENTIALS says."""

import os
import threading

import requests
import requests.adapters
import schemathesis

WHO = os.environ["FUZZ_CREDENTIALS"]
# What ends the session or takes away what it may do: whoever has called one of these signs in anew.
ENDS_SESSIONS = ("/auth/", "/me/", "/users", "/api/v1/organisation")


class Key:
    def get(self, case, context):
        return os.environ["FUZZ_KEY"]

    def set(self, case, data, context):
        case.headers["Authorization"] = f"Bearer {data}"


class Session(Key):
    token = None
    lock = threading.Lock()

    def get(self, case, context):
        with self.lock:
            if Session.token is None:
                answer = requests.post(
                    f"{os.environ['FUZZ_URL']}/auth/login",
                    headers={"X-Forwarded-For": "198.51.100.7"},
                    json={"email": os.environ["FUZZ_EMAIL"], "password": os.environ["FUZZ_PASSWORD"]},
                    timeout=30,
                )
                answer.raise_for_status()
                Session.token = answer.json()["access_token"]
            return Session.token


if WHO == "key":
    schemathesis.auth(refresh_interval=None)(Key)
elif WHO == "session":
    schemathesis.auth(refresh_interval=None)(Session)


@schemathesis.hook
def after_call(context, case, response):
    path = case.operation.path
    if WHO == "session" and response.status_code < 300 and case.method != "GET" and path.startswith(ENDS_SESSIONS):
        Session.token = None


@schemathesis.serializer("application/x-ndjson")
def lines(context, value):
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


# What follows 101 is no HTTP any more: the connection is not used for another request.
plain_send = requests.adapters.HTTPAdapter.send


def send(adapter, request, **options):
    response = plain_send(adapter, request, **options)
    if response.status_code == 101:
        adapter.poolmanager.clear()
    return response


requests.adapters.HTTPAdapter.send = send

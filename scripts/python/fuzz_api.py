"""Tries the whole API by its own document: schemathesis, all its checks, against a `gapin dev` of its own.

Three runs: with an API key, with a session, and as nobody. It ends by itself, and fails when any answer is a 5xx, has
a status that is not documented or a body that is not what the document says, or when GAPIN does not end well.

  FUZZ_EXAMPLES   test cases per operation and run (50)
  FUZZ_SEED       where the random numbers begin; absent: the same cases every time
  FUZZ_AS         which runs, separated by commas (key,session,nobody)
  FUZZ_ONLY       only operations whose "METHOD /path" matches this regular expression
  FUZZ_SECONDS    a run may take so long (1800)
  GAPIN_BIN       the binary (target/debug/gapin)
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import requests

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent.parent
READY_WAIT_MAX_S = 60
END_WAIT_MAX_S = 60
# What any program needs, and nothing else of the caller's environment.
KEPT = ("PATH", "HOME", "TMPDIR", "LLVM_PROFILE_FILE")
OWNER = "fuzz-owner@example.com"


def main():
    gapin = os.environ.get("GAPIN_BIN") or str(CHECKOUT / "target" / "debug" / "gapin")
    if not Path(gapin).is_file():
        sys.exit(f"there is no {gapin}; mend it with: cargo build -p cli --bin gapin")
    runs = os.environ.get("FUZZ_AS", "key,session,nobody").split(",")
    with tempfile.TemporaryDirectory(prefix="gapin-fuzz-") as folder:
        data_dir = Path(folder) / "data"
        env = {name: os.environ[name] for name in KEPT if name in os.environ}
        env |= {
            "GAPIN_DATA_DIR": str(data_dir),
            "GAPIN_LOG_FORMAT": "json",
            # All that follows comes from one address and one person: limits that are told, and not met.
            "GAPIN_ANONYMOUS_REQUESTS_PER_MINUTE": "1000000",
            "GAPIN_REQUESTS_PER_MINUTE": "1000000",
            # So that this script's own sign-ins come from another address than those that are tried and refused.
            "GAPIN_TRUSTED_PROXIES": "127.0.0.1",
        }
        log_path = Path(folder) / "gapin.log"
        with open(log_path, "wb") as log:
            server = subprocess.Popen(
                [gapin, "dev", "--listen", "127.0.0.1:0"], env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
            try:
                url, key = wait_until_ready(server, data_dir, log_path)
                failed = [who for who in runs if not try_as(who, url, key, gapin, env)]
                ended = stop(server)
            finally:
                server.kill()
        failures = errors_in(log_path)
        for failure in failures:
            print(f"GAPIN logged an error: {failure}")
        if ended != 0:
            print(f"GAPIN ended with {ended}")
        if failed:
            print(f"failed as: {', '.join(failed)}")
        sys.exit(1 if failed or failures or ended != 0 else 0)


def wait_until_ready(server, data_dir, log_path):
    deadline = time.monotonic() + READY_WAIT_MAX_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            text = (data_dir / "dev.env").read_text()
            told = dict(re.findall(r"^(\w+)='?([^'\n]*)'?$", text, re.MULTILINE))
            url = told["GAPIN_URL"]
            if requests.get(f"{url}/health/ready", timeout=5).status_code == 200:
                return url, told["GAPIN_API_KEY"]
        except (OSError, KeyError, requests.RequestException):
            pass
        time.sleep(0.1)
    sys.exit(f"GAPIN is not ready:\n{log_path.read_text()}")


def try_as(who, url, key, gapin, env):
    print(f"=== as {who}", flush=True)
    credentials = {"FUZZ_CREDENTIALS": who, "FUZZ_URL": url}
    if who == "key":
        credentials["FUZZ_KEY"] = key
    if who == "session":
        credentials |= {"FUZZ_EMAIL": OWNER, "FUZZ_PASSWORD": person(url, gapin, env)}
    command = [
        str(Path(sys.executable).parent / "schemathesis"),
        "--config-file",
        str(HERE / "schemathesis.toml"),
        "run",
        f"{url}/api/openapi.json",
        f"--max-examples={os.environ.get('FUZZ_EXAMPLES', '50')}",
        "--no-color",
    ]
    seed = os.environ.get("FUZZ_SEED")
    command += [f"--seed={seed}", "--generation-database=none"] if seed else ["--generation-deterministic"]
    if os.environ.get("FUZZ_ONLY"):
        command.append(f"--include-name-regex={os.environ['FUZZ_ONLY']}")
    run_env = {name: os.environ[name] for name in KEPT if name in os.environ}
    run_env |= credentials | {
        "SCHEMATHESIS_HOOKS": str(HERE / "fuzz_hooks.py"),
        "NO_PROXY": "127.0.0.1",
        # The checkout stays as it is.
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    with tempfile.TemporaryDirectory(prefix="gapin-fuzz-run-") as folder:
        try:
            seconds = float(os.environ.get("FUZZ_SECONDS", "1800"))
            ran = subprocess.run(command, env=run_env, cwd=folder, stdin=subprocess.DEVNULL, timeout=seconds)
        except subprocess.TimeoutExpired:
            print(f"the run did not end within {seconds:.0f} s")
            return False
    return ran.returncode == 0


def person(url, gapin, env):
    """An owner of the organisation `dev`, made as an operator makes people."""
    made = subprocess.run(
        [gapin, "users", "create", "--email", OWNER, "--org", "dev", "--role", "owner", "--json"],
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if made.returncode != 0:
        sys.exit(f"a person can't be made: {made.stderr}")
    return json.loads(made.stdout)["one_time_password"]


def stop(server):
    server.send_signal(signal.SIGTERM)
    try:
        return server.wait(timeout=END_WAIT_MAX_S)
    except subprocess.TimeoutExpired:
        return "nothing: it goes on"


def errors_in(log_path):
    lines = log_path.read_text(errors="replace").splitlines()
    return [line for line in lines if '"level":"ERROR"' in line or "panicked" in line]


main()

#!/usr/bin/env python3
"""Writes the parts of the documentation that follow from something else, or holds them against it (--check):

  docs/api.md      the table of codes, from gateway/src/problem/kind.rs
  docs/scaling.md  what an event costs, and what a rate takes, from load-tests/results

A part stands between `<!-- NAME: made by scripts/docs/generated.py -->` and `<!-- end of NAME -->`. Nothing but Python's own library.
"""

import json
import math
import re
import sys
from http import HTTPStatus
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from performance_page import newest_rows, read_results  # noqa: E402

STATUS = {"PAYLOAD_TOO_LARGE": 413}
RATES = (10_000, 100_000, 1_000_000)
EVENT_BYTES = 1_900  # the mean of the corpus, as docs/performance.md says
FULL = 0.6  # how much of a core is planned with: the rest is for bursts, a broker or a node that is lost, and catching up


def status(name):
    return STATUS.get(name) or HTTPStatus[name].value


def codes():
    """Every code with its status, its meaning, and when another try is right."""
    source = (ROOT / "gateway/src/problem/kind.rs").read_text()
    plain = re.findall(r'///\s+(.+)\n\s+(\w+): (\w+), "(\w+)", "([^"]+)";', source)
    wait = {}
    of_waits = source[source.index("pub const fn retry_after_s") :]
    for kinds, seconds in re.findall(r"((?:Kind::\w+\s*\|?\s*)+)=> Some\((\d+)\)", of_waits):
        for kind in re.findall(r"Kind::(\w+)", kinds):
            wait[kind] = f"after {seconds} s"
    made = [(status(state), code, meaning, wait.get(name, "")) for meaning, name, state, code, _ in plain]
    of_events = dict(re.findall(r'Code::(\w+) => "([^"]+)"', source))
    for name, state in re.findall(r"Code::(\w+) => \(S::(\w+),", source):
        code = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
        made.append((status(state), code, of_events[name], ""))
    table_of = source[source.index("kinds! {") : source.index("const fn event(")]
    if len(plain) != table_of.count('";\n'):
        raise SystemExit(f"error: {len(plain)} kinds were read of {table_of.count(chr(34) + ';')}: mend scripts/docs/generated.py")
    # What the contract knows of, it has under the same name.
    contract = (ROOT / "contract/openapi.json").read_text()
    unknown = [code for _, code, _, _ in made if f"`{code}`" not in contract and f'"{code}"' not in contract]
    if unknown:
        raise SystemExit(f"error: not in contract/openapi.json: {', '.join(unknown)}")
    return sorted(made)


def codes_table():
    out = ["| status | `code` | means | another try |", "|---|---|---|---|"]
    return [*out, *(f"| {state} | `{code}` | {meaning} | {again} |" for state, code, meaning, again in codes())]


def costs():
    """(what, µs an event) of the mixed corpus in batches of 100, at scale; where that is from; and all results."""
    files = read_results()
    run, q_us, file = newest_run(files, "at-scale", "batch-100")
    place = run["rounds"][0]
    found = {process["name"]: process["cpu_q_per_event"] * q_us for process in place["processes"]}
    return [(name, found[name]) for name in ("gateway", "kafka", "consumer", "postgres")], file, files


def newest_run(files, shape, scenario):
    """The newest run of a scenario that the machine did no other work in, with what Q was."""
    for content in reversed(files):
        for run in content.get("runs", []):
            is_good = not any(place["disturbance"]["is_too_much"] for place in run["rounds"])
            if content.get("shape") == shape and run["scenario"] == scenario and is_good:
                return run, content["q_us"], content["file"]
    raise SystemExit(f"error: load-tests/results has no run of {scenario}, {shape}")


def count(value):
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def cores(microseconds, rate):
    return microseconds * rate / 1_000_000 / FULL


def scaling():
    parts, file, files = costs()
    rows = newest_rows(files)
    stored = rows["peers-consumer-from-kafka-into-postgresql"]
    total = sum(cost for _, cost in parts)
    out = [f"From `load-tests/results/{file}`, scenario `batch-100`:", ""]
    out += ["| part | µs of a core for one event |", "|---|---|", *(f"| {name} | {cost:.0f} |" for name, cost in parts)]
    out += [f"| **together** | **{total:.0f}** |", ""]
    out += ["| at | " + " | ".join(f"{rate:,} events/s" for rate in RATES) + " | how |", "|---|" + "---|" * (len(RATES) + 1)]

    def line(what, values, how):
        out.append(f"| {what} | " + " | ".join(values) + f" | {how} |")

    for name, cost in parts:
        line(f"cores, {name}", [count(math.ceil(cores(cost, rate) * 10) / 10) for rate in RATES], f"rate × {cost:.0f} µs ÷ {FULL}")
    line("cores, together", [count(cores(total, rate)) for rate in RATES], "the sum")
    line("into the log, MB/s", [count(rate * EVENT_BYTES / 1e6) for rate in RATES], f"rate × {EVENT_BYTES / 1000} KB, before compression and replicas")
    line("into the store, TB a day", [count(rate * EVENT_BYTES * 86_400 / 1e12) for rate in RATES], f"rate × {EVENT_BYTES / 1000} KB × 86,400 s, without indexes")
    one = stored["value"]
    line("PostgreSQL servers, as measured", [f"{math.ceil(rate / one / FULL):,}" for rate in RATES],
         f"rate ÷ {one:,.0f} records/s ÷ {FULL} (`{stored['file']}`)")
    return out


def replaced(page, name, lines):
    path = ROOT / page
    text = path.read_text()
    begin, end = f"<!-- {name}: made by scripts/docs/generated.py -->", f"<!-- end of {name} -->"
    if begin not in text or end not in text:
        raise SystemExit(f"error: {page} has no place for {name}: {begin} … {end}")
    head, rest = text.split(begin)
    return path, text, head + begin + "\n" + "\n".join(lines) + "\n" + end + rest.split(end)[1]


def main():
    parts = [("docs/api.md", "codes", codes_table()), ("docs/scaling.md", "arithmetic", scaling())]
    for page, name, lines in parts:
        path, there, wanted = replaced(page, name, lines)
        if there == wanted:
            continue
        if "--check" in sys.argv[1:]:
            raise SystemExit(f"error: {page} is stale: {name}\n  mend it with: make docs-generated")
        path.write_text(wanted)


if __name__ == "__main__":
    main()

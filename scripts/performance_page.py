#!/usr/bin/env python3
"""Writes docs/performance.md and its plots from load-tests/results, or holds them against what it would write (--check).

Each figure comes from the newest file that has it, with the command that gets it again. A figure that misses its goal
needs a text in load-tests/page/why.json that says why: without it there is no page.
Nothing but Python's own library.
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from performance_plots import bars, lines  # noqa: E402

RESULTS = ROOT / "load-tests" / "results"
PAGE = ROOT / "load-tests" / "page"
DOCS = ROOT / "docs"
PLOTS = "performance"


def read_results():
    """All files, the newest last; of one day the full size behind the small one, and those that tell no time before those that do."""
    files = []
    for path in sorted(RESULTS.glob("*.json")):
        content = json.loads(path.read_text())
        if isinstance(content, list):
            content = {"rows": content}
        content["file"] = path.name
        files.append(content)

    def age(content):
        # Of files of one day and size without a time: single scenarios behind all of them.
        runs = len(content.get("runs", []))
        return content.get("date", ""), content.get("size") == "full", content.get("time", ""), -runs, content["file"]

    return sorted(files, key=age)


def is_disturbed(content):
    """Whether the machine did other work in every run of a file."""
    rounds = [part for run in content.get("runs", []) for part in run["rounds"]]
    return bool(rounds) and all(part["disturbance"]["is_too_much"] for part in rounds)


def newest_rows(files):
    """The newest figure of each row, with the file it is from; of runs that were disturbed only where there is no other."""
    rows = {}
    for content in sorted(files, key=lambda content: not is_disturbed(content)):
        for row in content.get("rows", []):
            if not row.get("command"):
                raise SystemExit(f"{content['file']}: {row['row']} has no command")
            rows[row["row"]] = {**row, "file": content["file"]}
    return rows


def newest_runs(files, shape):
    """The newest run of each scenario in this shape."""
    runs = {}
    for content in files:
        if content.get("shape") == shape:
            for run in content.get("runs", []):
                runs[run["scenario"]] = {**run, "file": content["file"]}
    return runs


def number(value):
    if value >= 1000:
        return f"{value:,.0f}"
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def verdict(goal, row):
    if row is None:
        return "not measured"
    if "most" in goal:
        return "met" if row["value"] <= goal["most"] else "missed"
    return "met" if row["value"] >= goal["least"] else "missed"


def cell(text):
    return str(text).replace("|", "\\|").replace("\n", " ")


def goals_table(goals, rows, why):
    out = ["| what | goal | measured | | how |", "|---|---|---|---|---|"]
    reasons = []
    for goal in goals:
        row = rows.get(goal["row"])
        said = verdict(goal, row)
        if said == "missed":
            if not why.get(goal["row"]):
                raise SystemExit(f"{goal['row']} is {said}: say why in load-tests/page/why.json")
            reasons.append(f"- **{goal['what']}**: {number(row['value'])} {row['unit']}, not {goal['goal']}. {why[goal['row']]}")
        measured = f"{number(row['value'])} {row['unit']}" if row else "–"
        how = f"`{row['command'] if row else goal['by']}`"
        mark = {"met": "met", "missed": "**missed**", "not measured": "not measured"}[said]
        out.append("| " + " | ".join(map(cell, [goal["what"], goal["goal"], measured, mark, how])) + " |")
    return out, reasons


def more_table(goals, rows):
    """Figures that have no goal."""
    known = {goal["row"] for goal in goals}
    more = [row for name, row in sorted(rows.items()) if name not in known]
    if not more:
        return []
    out = ["## Further figures", "", "| what | measured | how |", "|---|---|---|"]
    for row in more:
        measured = f"{number(row['value'])} {row['unit']}"
        out.append("| " + " | ".join(map(cell, [row["what"], measured, f"`{row['command']}`"])) + " |")
    return [*out, ""]


def steps_tables(files):
    """What one event costs, step by step."""
    out = []
    for content in sorted((content for content in files if content.get("steps")), key=lambda content: content["file"].removesuffix(".json")):
        shape, total = content["shape"], content["total_us"]
        way = "in batches" if content["file"].endswith("-batches.json") else "one by one"
        out += [f"### {shape}, {way}", "", f"{content['what']}: {number(total)} µs of processor time, {number(total / content['q_us'])} Q.",
                f"`{content['command']}`", "", "| step | µs | Q | share |", "|---|---|---|---|"]
        for step in content["steps"]:
            share = step["share"]
            out.append(f"| {cell(step['step'])} | {share * total:.2f} | {share * total / content['q_us']:.2f} | {share:.1%} |")
        whole = sum(step["share"] for step in content["steps"])
        if abs(whole - 1) > 0.001:
            raise SystemExit(f"{content['file']}: the steps add up to {whole:.3f} of the whole")
        out += [f"| **all** | **{total:.2f}** | **{total / content['q_us']:.2f}** | **100.0%** |", ""]
    return out


def scenario_table(runs, shape):
    out = [f"### {shape}", "", "| scenario | phase | events/s | p50 ms | p99 ms | CPU per event, in Q | gateway MiB | kept |", "|---|---|---|---|---|---|---|---|"]
    for name, run in runs.items():
        for place in run["rounds"]:
            latency = place["acknowledged_latency_us"]
            costs = ", ".join(f"{process['name']} {process['cpu_q_per_event']:.1f}" for process in place["processes"])
            gateway = process(place, "gateway")
            memory = f"{max(gateway['resident_mib']):.0f}" if gateway else "–"
            kept = place.get("kept")
            said = "not asked" if kept is None else f"{kept['stored']:,} of {kept['acknowledged']:,}"
            disturbed = " (disturbed)" if place["disturbance"]["is_too_much"] else ""
            out.append(
                f"| {name} | {place['phase']}{disturbed}: {place['connections']} connections, batches of {place['batch']}, {place['keys']} keys, "
                f"{place['readers']} readers | {place['rate_per_s']:,.0f} | {latency['p50'] / 1000:.1f} | {latency['p99'] / 1000:.1f} | {costs} | {memory} | {said} |"
            )
    commands = sorted({f"`{run['command']}`" for run in runs.values()})
    return [*out, "", "By " + ", ".join(commands) + ".", ""]


def process(place, name):
    return next((each for each in place["processes"] if each["name"] == name), None)


def plots(shapes):
    """SVG by file name."""
    made = {}
    for shape, runs in shapes.items():
        if run := runs.get("connections"):
            series = {}
            for place in run["rounds"]:
                for each in place["processes"]:
                    if each["name"] != "generator":
                        series.setdefault(each["name"], {}).setdefault(place["connections"], []).append(each["cpu_q_per_event"])
            points = {name: [(x, sum(ys) / len(ys)) for x, ys in sorted(at.items())] for name, at in series.items()}
            made[f"connections-{shape}.svg"] = lines(f"CPU per event over connections, {shape}", "connections", "Q", points, log_x=True)
        for growing in ("growth-keys", "growth-organisations", "growth-stored"):
            if run := runs.get(growing):
                at = [(place.get("at") or place["keys"], process(place, "gateway")) for place in run["rounds"]]
                points = {"gateway": [(max(x, 1), each["cpu_q_per_event"]) for x, each in at if each]}
                what = growing.removeprefix("growth-")
                made[f"{what}-{shape}.svg"] = lines(f"CPU per event over {what}, {shape}", what, "Q", points, log_x=True)
        if run := runs.get("steady"):
            place = run["rounds"][-1]
            points = {}
            for each in place["processes"]:
                samples = each["resident_samples_mib"]
                step = max(1, len(samples) // 200)
                points[each["name"]] = [(index / 2, mib) for index, mib in enumerate(samples)][::step]
            made[f"memory-{shape}.svg"] = lines(f"Memory under a steady load, {shape}", "seconds", "MiB", points)
        groups = []
        for name in ("single-64", "single-256", "batch-100", "keys-100"):
            if run := runs.get(name):
                costs = [(each["name"], each["cpu_q_per_event"]) for each in run["rounds"][0]["processes"] if each["name"] != "generator"]
                groups.append((name, costs))
        if groups:
            made[f"cost-{shape}.svg"] = bars(f"CPU per event as fast as it goes, {shape}", "Q", groups)
    return made


def machines(files):
    seen = []
    for content in files:
        if machine := content.get("machine"):
            when = f"{content.get('date', '')} {content.get('time', '')}".strip()
            text = (
                f"| `{content['file']}` | {when} | {content.get('commit', '')} | {content.get('size', '')} | "
                f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_mib'] / 1024:.0f} GiB, "
                f"{'with' if machine['sha_instructions'] else 'without'} SHA instructions | {content.get('q_us', 0):.2f} µs |"
            )
            seen.append(text)
    return ["| results | date | commit | size | machine | Q |", "|---|---|---|---|---|---|", *seen, ""]


def make():
    """Every file of the page, by its path below docs/."""
    files = read_results()
    goals = json.loads((PAGE / "rows.json").read_text())
    why = json.loads((PAGE / "why.json").read_text())
    rows = newest_rows(files)
    shapes = {shape: newest_runs(files, shape) for shape in ("embedded", "at-scale")}
    shapes = {shape: runs for shape, runs in shapes.items() if runs}
    images = plots(shapes)
    table, reasons = goals_table(goals, rows, why)
    text = (PAGE / "head.md").read_text().rstrip().split("\n")
    text += ["", "## Goals and figures", "", *table, ""]
    if reasons:
        text += ["## Where a goal is missed, and why", "", *reasons, ""]
    steps = steps_tables(files)
    if steps:
        text += ["## What one event costs, step by step", "", (PAGE / "steps.md").read_text().rstrip(), "", *steps]
    text += more_table(goals, rows)
    if shapes:
        text += ["## The scenarios", "", (PAGE / "scenarios.md").read_text().rstrip(), ""]
        for shape, runs in shapes.items():
            text += scenario_table(runs, shape)
    if images:
        text += ["## Plots", ""]
        for name in images:
            text += [f"![{name.removesuffix('.svg')}]({PLOTS}/{name})", ""]
    text += ["## Measured on", "", *machines(files)]
    made = {"performance.md": "\n".join(text).rstrip() + "\n"}
    made.update({f"{PLOTS}/{name}": svg for name, svg in images.items()})
    return made


def main():
    made = make()
    there = {str(path.relative_to(DOCS)) for path in (DOCS / PLOTS).glob("*.svg")} | {"performance.md"}
    if "--check" in sys.argv[1:]:
        stale = [name for name, text in made.items() if not (DOCS / name).is_file() or (DOCS / name).read_text() != text]
        stale += sorted(there - made.keys())
        if stale:
            raise SystemExit(f"not what the results say: {', '.join(stale)}; mend it with: make performance-page")
        return
    (DOCS / PLOTS).mkdir(exist_ok=True)
    for name in there - made.keys():
        (DOCS / name).unlink(missing_ok=True)
    for name, text in made.items():
        (DOCS / name).write_text(text)


if __name__ == "__main__":
    main()

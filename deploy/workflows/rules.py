#!/usr/bin/env python3
"""What we ask of workflows beyond what actionlint knows: every action by its commit, no more rights than are needed, an end to
every job, nobody's text and no secret in a command, and no file that is not there. Argument: the folder of the workflows."""

import pathlib
import re
import sys

import yaml

# What a command may hold of a context: nothing that somebody else writes, and no secret. Those come by `env`.
IN_A_COMMAND = re.compile(r"\$\{\{\s*(?!runner\.|matrix\.)")
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
ROOT = pathlib.Path(__file__).parents[2]
faults = []


def check(holds, *what):
    if not holds:
        faults.append(" ".join(map(str, what)))


def steps_of(job):
    return job.get("steps", [])


def look_at(path):
    text = path.read_text()
    workflow = yaml.safe_load(text)
    for line in text.splitlines():
        if used := re.match(r"\s*(?:- )?uses: (.*)", line):
            check(used[1].startswith("./.github/") or PINNED.fullmatch(used[1]), path.name, "uses by no commit:", used[1])
    check(workflow.get("permissions") == {"contents": "read"}, path.name, "may do more than read by default")
    check("group" in workflow.get("concurrency", {}), path.name, "may run twice at once")
    for name, job in workflow["jobs"].items():
        where = f"{path.name}: {name}"
        if "uses" in job:
            check((ROOT / job["uses"].removeprefix("./")).exists(), where, "calls what is not there:", job["uses"])
            continue
        check(0 < job.get("timeout-minutes", 0) <= 120, where, "may go on for ever")
        check(set(job.get("permissions", {}).values()) <= {"read", "write"}, where, "has rights of all kinds")
        publishes = any("publish" in step.get("run", "") + step.get("uses", "") for step in steps_of(job))
        check(not publishes or "environment" in job, where, "publishes without an environment")
        for step in steps_of(job):
            run = step.get("run", "")
            check(not IN_A_COMMAND.search(run), where, "has somebody's text or a secret in a command:", run)
            check("secrets." not in str(step.get("with", {})), where, "hands a secret to an action")
            for script in re.findall(r"(?<![\w/])\.?(?:github/)?scripts/[\w.-]+\.sh|(?<![\w/])\.ci/run", run):
                file = ROOT / script
                check(file.exists() and file.stat().st_mode & 0o111, where, "runs what is not there:", script)
            if step.get("uses", "").startswith("actions/checkout@"):
                check(step.get("with", {}).get("persist-credentials") is False, where, "leaves its token on the disk")
    return workflow


def main():
    workflows = {path.stem: look_at(path) for path in sorted(pathlib.Path(sys.argv[1]).glob("*.yml"))}
    check({"test", "build", "deploy", "release"} <= workflows.keys(), "there are only", ", ".join(workflows))
    jobs = {name: workflow["jobs"] for name, workflow in workflows.items()}
    check(jobs["deploy"]["production"]["environment"]["name"] == "production", "production asks nobody")
    check("staging" in jobs["deploy"]["production"]["needs"], "production comes before staging")
    check(jobs["deploy"]["image"]["needs"] == "test" == jobs["release"]["image"]["needs"], "an image comes before its tests")
    for name in ("pypi", "npm", "crates-io"):
        check(jobs["release"][name]["needs"] == "github", name, "is published before all is built")
    check({"test", "image", "binaries", "packages"} <= set(jobs["release"]["github"]["needs"]), "a release does not wait for all")
    checked = re.search(r"helm_version=(\S+)", (ROOT / "deploy/helm/check.sh").read_text())[1]
    used = set(re.findall(r"helm/v4/cmd/helm@(\S+)", (ROOT / ".github/workflows/deploy.yml").read_text()))
    check(used == {checked}, "helm", checked, "checks the chart, and deploys it by", used)
    for fault in faults:
        print(fault, file=sys.stderr)
    sys.exit(1 if faults else 0)


main()

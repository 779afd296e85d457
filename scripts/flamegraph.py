#!/usr/bin/env python3
"""Reads `perf script` from standard input: writes a flame graph, and the share of each step of an event.

Usage: perf script -i perf.data | scripts/flamegraph.py FLAMEGRAPH.svg STEPS.json
Nothing but Python's own library. What one event costs, step by step, adds up to the whole: each stack counts for the
first step of the list that one of its frames belongs to.
"""

import json
import re
import sys
from collections import Counter

# The first that fits wins: what is inside stands before what calls it.
STEPS = [
    ("redaction: find and hide", r"aibbar.*redact|regex_automata|aho_corasick"),
    ("signature: canonical form", r"aibbar::canonical"),
    ("signature: HMAC-SHA256", r"aibbar::signature|sha2::|hmac::|digest_blocks|compress256"),
    ("schema", r"aibbar::schema|jsonschema"),
    ("JSON: read the event", r"aibbar::json|aibbar::event|serde_json.*(::de::|::read::|Deserialize)"),
    ("record: write it", r"aibbar::record|aibbar::time|aibbar::identity|serde_json.*(::ser::|Serialize)"),
    ("consumer and store", r"consumer::|store::"),
    ("log: hand over, write, await", r"bus::|rdkafka|rd_kafka|rdk:|sqlite3|rusqlite|lz4|LZ4|crc32"),
    ("live readers", r"gateway::live"),
    ("caller, keys and limits", r"gateway::(auth|limits|bytes_budget)"),
    ("body: receive, cut into events", r"gateway::(door|body|record|expand|admission)"),
    ("metrics and statistics", r"gateway::(metrics|statistics)|prometheus"),
    ("network: the kernel", r"tcp_|inet_|sock_|__sys_(send|recv)|ep_poll|epoll|net_rx|__napi|skb_|loopback"),
    ("HTTP: read the request, write the answer", r"actix|httparse|gateway::|http::"),
    ("runtime: tasks, threads, waiting", r"tokio|mio::|futex|schedule|std::|core::|alloc::|parking_lot|pthread|clone"),
]
PATTERNS = [(step, re.compile(pattern)) for step, pattern in STEPS]
OTHER = "other"

WIDTH, LINE = 1400, 16
HUE = {"kernel": "#f0a35e", "ours": "#e66a5c", "other": "#f2cf63"}


def stacks(lines):
    """Each sample's stack, outermost first."""
    stack = []
    for line in lines:
        if not line.strip():
            if stack:
                yield tuple(reversed(stack))
            stack = []
        elif line[0] in " \t" and (frame := re.match(r"\s+[0-9a-f]+ (.*) \(([^)]*)\)$", line.rstrip())):
            name = re.sub(r"\+0x[0-9a-f]+$", "", frame[1])
            stack.append(re.sub(r"::h[0-9a-f]{16}$", "", name))
    if stack:
        yield tuple(reversed(stack))


def step_of(stack):
    whole = "\n".join(stack)
    return next((step for step, pattern in PATTERNS if pattern.search(whole)), OTHER)


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def tree(folded):
    root = {"count": 0, "children": {}}
    for stack, count in folded.items():
        root["count"] += count
        node = root
        for frame in stack:
            node = node["children"].setdefault(frame, {"count": 0, "children": {}})
            node["count"] += count
    return root


def colour(name):
    if re.search(r"aibbar|gateway|bus::|store::|consumer", name):
        return HUE["ours"]
    return HUE["other"] if "::" in name else HUE["kernel"]


def draw(node, x, depth, scale, out):
    deepest = depth
    for name, child in sorted(node["children"].items()):
        width = child["count"] * scale
        if width >= 0.5:
            out.append((x, depth, width, name, child["count"]))
            deepest = max(deepest, draw(child, x, depth + 1, scale, out))
        x += width
    return deepest


def svg(folded):
    root = tree(folded)
    frames = []
    depth = draw(root, 0, 0, WIDTH / max(root["count"], 1), frames) + 1
    height = depth * LINE + 40
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'font-family="monospace" font-size="11">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="8" y="20">{root["count"]} samples; the outermost calls are at the bottom</text>',
    ]
    for x, level, width, name, count in frames:
        y = height - (level + 1) * LINE
        share = f"{count / root['count']:.2%}"
        shown = escape(name[: int(width / 6.7)]) if width > 20 else ""
        out.append(
            f'<g><title>{escape(name)}: {count} samples, {share}</title><rect x="{x:.1f}" y="{y}" width="{width:.1f}" '
            f'height="{LINE - 1}" fill="{colour(name)}"/><text x="{x + 2:.1f}" y="{y + 12}">{shown}</text></g>'
        )
    return "\n".join([*out, "</svg>", ""])


def main():
    folded = Counter(stacks(sys.stdin))
    samples = sum(folded.values())
    if samples == 0:
        raise SystemExit("no samples: was the process at work while it was recorded?")
    steps = Counter()
    for stack, count in folded.items():
        steps[step_of(stack)] += count
    order = [step for step, _ in STEPS] + [OTHER]
    shares = [{"step": step, "share": steps[step] / samples} for step in order if steps[step]]
    with open(sys.argv[1], "w") as file:
        file.write(svg(folded))
    with open(sys.argv[2], "w") as file:
        json.dump(shares, file)


if __name__ == "__main__":
    main()

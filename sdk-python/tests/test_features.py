"""The one list of what an SDK does, held against these tests and docs/sdks.md."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def listed() -> list[str]:
    features = json.loads((ROOT / "contract" / "sdk" / "features.json").read_text())["features"]
    return [feature["id"] for feature in features]


def marked() -> set[str]:
    """The ids that tests carry: on a test's own decorators, or on its whole file."""
    found: set[str] = set()
    for path in Path(__file__).parent.glob("test_*.py"):
        tree = ast.parse(path.read_text())
        tests = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
        marks = [decorator for test in tests for decorator in test.decorator_list]
        marks += [
            node.value
            for node in tree.body
            if tests and isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark"
        ]
        for mark in marks:
            if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.feature":
                found.add(ast.literal_eval(mark.args[0]))
    return found


def test_every_feature_has_a_test_and_every_mark_is_listed() -> None:
    ids = listed()
    assert len(ids) == len(set(ids))
    assert sorted(set(ids) - marked()) == [], "features without a test"
    assert sorted(marked() - set(ids)) == [], "tests of features that are not listed"


def test_the_table_in_the_docs_is_that_of_the_list() -> None:
    subprocess.run([sys.executable, ROOT / "scripts" / "sdks_table.py", "--check"], check=True)

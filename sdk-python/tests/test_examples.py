"""What is printed in the README and lies in the examples runs, against the gateway."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from gateway import Gateway
from nbclient import NotebookClient
from provider import Provider

PACKAGE = Path(__file__).parents[1]
EXAMPLES = sorted((PACKAGE / "examples").glob("*.py"))
BLOCKS = re.findall(r"```python\n(.*?)```", (PACKAGE / "README.md").read_text(), re.DOTALL)

pytestmark = pytest.mark.feature("types.examples")


def run(gateway: Gateway, source: str, **settings: str) -> str:
    env = {**os.environ, **gateway.env, "PYTHONPATH": str(PACKAGE / "src"), **settings}
    ran = subprocess.run([sys.executable, "-c", source], env=env, capture_output=True, text=True, timeout=100)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_the_quickstart_runs_as_printed(gateway: Gateway) -> None:
    assert run(gateway, BLOCKS[0]) == "2 events are kept\n"


def test_the_other_blocks_run_as_printed(gateway: Gateway) -> None:
    assert len(BLOCKS) == 5
    for block in BLOCKS[1:]:
        if block.startswith("# endless"):
            compile(block, "README.md", "exec")
        else:
            run(gateway, block, OPENAI_API_KEY="sk-none", ANTHROPIC_API_KEY="sk-none")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_examples_run(gateway: Gateway, example: Path) -> None:
    provider = Provider()
    try:
        said = run(gateway, example.read_text(), OPENAI_API_KEY="sk-none", OPENAI_BASE_URL=f"{provider.url}/v1")
    finally:
        provider.stop()
    wanted = {
        "agent.py": "12 events are kept",
        "async_service.py": "20 answers, 20 events are kept",
        "openai_chat.py": "2 events are kept",
        "read_and_verify.py": "its signature is good",
    }
    assert wanted[example.name] in said


def test_the_notebook_runs_and_ends_with_a_chart(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in gateway.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PYTHONPATH", str(PACKAGE / "src"))
    notebook = nbformat.read(PACKAGE / "examples" / "quickstart.ipynb", as_version=4)
    NotebookClient(notebook, timeout=100, kernel_name="python3").execute()
    assert "image/png" in notebook.cells[-1].outputs[-1].data

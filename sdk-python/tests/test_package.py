"""The package as others get it: built, installed in a clean environment, documented, and sound by the type checkers."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest
from gateway import Gateway

PACKAGE = Path(__file__).parents[1]

USE = """
import gapin, importlib.metadata
with gapin.Client() as client:
    accepted = client.record({"event_type": "ai.query", "query": {"prompt": "?"}})
assert accepted["status"] == "accepted"
with gapin.Recorder() as recorder:
    recorder.query("?")
assert recorder.stats().accepted == 1
assert importlib.metadata.version("gapin") == gapin.__version__
print("used")
"""


def run(*command: object, **env: str) -> str:
    ran = subprocess.run(
        [str(part) for part in command], cwd=PACKAGE, env={**os.environ, **env}, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.mark.feature("types.package")
def test_wheel_and_sdist_install_in_a_clean_environment(gateway: Gateway, tmp_path: Path) -> None:
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", tmp_path, PACKAGE)
    (wheel,) = tmp_path.glob("*.whl")
    (sdist,) = tmp_path.glob("*.tar.gz")
    names = zipfile.ZipFile(wheel).namelist()
    assert "gapin/py.typed" in names
    assert "gapin/aibbar-event.schema.json" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    with tarfile.open(sdist) as archive:
        assert any(name.endswith("/CHANGELOG.md") for name in archive.getnames())
    clean = tmp_path / "clean"
    venv.create(clean, with_pip=True)
    python = clean / "bin" / "python"
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, wheel)
    settings = {**gateway.env, "PYTHONPATH": ""}
    assert run(python, "-c", USE, **settings) == "used\n"
    run(python, "-m", "pip", "uninstall", "--quiet", "--yes", "gapin")
    run(*pip, sdist)
    assert run(python, "-c", USE, **settings) == "used\n"


@pytest.mark.feature("types.strict")
@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_the_type_checkers_find_nothing(checker: str) -> None:
    if checker == "mypy":
        run(sys.executable, "-m", "mypy")
    else:
        assert "0 errors, 0 warnings" in run(sys.executable, "-m", "pyright", "--pythonpath", sys.executable)


def test_the_reference_is_made(tmp_path: Path) -> None:
    run(sys.executable, "-m", "pdoc", "gapin", "gapin.openai", "gapin.anthropic", "gapin.langchain", "-o", tmp_path,
        PYTHONPATH=str(PACKAGE / "src"))  # fmt: skip
    page = (tmp_path / "gapin.html").read_text()
    for name in ("Recorder", "AsyncClient", "canonicalize", "InvalidEventError"):
        assert f'id="{name}"' in page

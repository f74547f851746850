"""What continuous integration runs in: nothing that only this machine has."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.setup.small_project import ROOT, SYSTEM_PATH, Project, program

STRANGER = ROOT / ".ci" / "stranger"


def stranger(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(STRANGER), *command], env={**os.environ, **variables}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def test_home_is_empty_and_goes_again() -> None:
    ran = stranger("sh", "-c", 'ls -A "$HOME"; echo "$HOME"', HOME="/root", XDG_CACHE_HOME="/var")
    assert ran.stdout.count("\n") == 1
    assert ran.stdout != "/root\n"
    assert not Path(ran.stdout.strip()).exists()


def test_variables_of_the_caller_stay_outside() -> None:
    ran = stranger(
        "env", PYTHONPATH="/x", VENV="/x", PIP_CACHE_DIR="/x", MAKEFLAGS="-n", SSL_CERT_FILE="/ca",
        PIP_INDEX_URL="file:///x y", https_proxy="http://proxy",
    )  # fmt: skip
    seen = dict(line.partition("=")[::2] for line in ran.stdout.splitlines())
    assert not {"PYTHONPATH", "VENV", "PIP_CACHE_DIR", "MAKEFLAGS"} & set(seen)
    assert seen["PATH"] == SYSTEM_PATH
    wanted = {"SSL_CERT_FILE": "/ca", "PIP_INDEX_URL": "file:///x y", "https_proxy": "http://proxy"}
    assert wanted.items() <= seen.items()


def test_the_exit_code_is_the_command_s() -> None:
    assert stranger("sh", "-c", "exit 3").returncode == 3


def test_a_tool_that_only_the_caller_has_is_not_found(tmp_path: Path) -> None:
    """Set-up fails where what builds a package is on nobody's PATH but the caller's."""
    project = Project.make(tmp_path / "small")
    project.lock("build")
    program(tmp_path / "bin" / "weave", "exit 0")
    path = f"{tmp_path / 'bin'}:{SYSTEM_PATH}"
    command = [str(STRANGER), "make", "setup"]
    ran = subprocess.run(
        command, cwd=project.folder, env=project.environment(path), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert ran.returncode == 2
    assert "No such file or directory: 'weave'" in ran.stderr + ran.stdout


def test_continuous_integration_is_a_stranger() -> None:
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    commands = [line for line in lines if not line.startswith("#")]
    assert commands == [
        "set -euo pipefail", "unset CDPATH", 'cd "$(dirname "$0")/.."',
        ".ci/stranger make setup lint docs package test test-integrations test-widget ratios",
    ]  # fmt: skip

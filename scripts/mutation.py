"""Changes the code in thousands of small ways and counts how many the tests notice.

``python -m scripts.mutation`` runs mutmut on ``spiralcore/trajectory`` and ``spiralcore/analysis``
and writes ``docs/mutation.md``. ``--share 20`` takes a fifth of the mutants, always the same ones
and spread evenly; what was tested before and has not changed is not tested again.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from hashlib import sha256
from math import sqrt
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "mutation.md"
JUDGEMENTS = ROOT / "tests" / "mutation-judgements.toml"
WORK = ROOT / "mutants"
ROOMS = ("spiralcore/trajectory", "spiralcore/analysis")
WANTED = 85

NOT_KILLED = {0: "survived", 5: "no tests", 33: "no tests"}
"""mutmut's exit codes of a mutant that no test noticed; all others but None are kills."""

TIMED_OUT = {-24, 24, 36, 152, 255}


@dataclass(frozen=True)
class Mutant:
    """One change, and what the tests said to it."""

    name: str
    code: int

    @property
    def killed(self) -> bool:
        """Whether a test failed, or ran without an end."""
        return self.code not in NOT_KILLED

    @property
    def module(self) -> str:
        """The module, as a path below `spiralcore`."""
        return "/".join(self.name.split(".")[1:3]) + ".py"

    @property
    def function(self) -> str:
        """The function or method, as people write it."""
        mangled = self.name.rpartition(".")[2].rpartition("__mutmut_")[0]
        return mangled.removeprefix("xǁ").removeprefix("x_").replace("ǁ", ".")


def environment() -> dict[str, str]:
    """Numbers on one thread, and runs of networks that are trained once."""
    runs = WORK / "runs"
    runs.mkdir(parents=True, exist_ok=True)
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**os.environ, **threads, "SPIRAL_TEST_RUNS": str(runs)}


def codes() -> dict[str, int | None]:
    """Exit code of every mutant; None where it was not tested since it changed."""
    found: dict[str, int | None] = {}
    for room in ROOMS:
        for path in sorted((WORK / room).glob("*.py.meta")):
            found |= json.loads(path.read_text())["exit_code_by_key"]
    return found


def chosen(name: str, share: int) -> bool:
    """Whether a mutant belongs to a share of them, in percent; larger shares contain smaller."""
    return int.from_bytes(sha256(name.encode()).digest()[:4]) % 100 < share


def run(share: int, jobs: int, again: bool) -> None:
    """Run mutmut on what has no result yet; with `again` on what survived, too."""
    mutmut = [str(Path(sys.executable).with_name("mutmut")), "run", "--max-children", str(jobs)]
    tests = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutmut"]
    selected = tests["pytest_add_cli_args_test_selection"] + tests["pytest_add_cli_args"]
    # Trains the networks of the tests, once and with the code as it is.
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *selected], cwd=ROOT, env=environment(), check=True
    )
    # A function of few mutants: makes all of them, and times the tests.
    subprocess.run(
        [*mutmut, "spiralcore.trajectory.timeline.*"], cwd=ROOT, env=environment(), check=True
    )
    wanted = [
        name
        for name, code in codes().items()
        if chosen(name, share) and (code is None or (again and code in NOT_KILLED))
    ]
    subprocess.run([*mutmut, *wanted], cwd=ROOT, env=environment(), check=True)


def change_of(mutant: Mutant) -> str:
    """The changed line, before and after."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    path = ROOT / "spiralcore" / mutant.module
    lines = get_diff_for_mutant(mutant.name, path=path.relative_to(ROOT)).splitlines()
    before = [line[1:].strip() for line in lines if re.match(r"-(?!--)", line)]
    after = [line[1:].strip() for line in lines if re.match(r"\+(?!\+\+)", line)]
    return f"{' '.join(before)} → {' '.join(after)}"


def judgement(mutant: Mutant, change: str) -> tuple[str, str]:
    """Verdict and reason from the file of judgements; the first that fits."""
    for entry in tomllib.loads(JUDGEMENTS.read_text())["judged"]:
        place = f"{mutant.module}:{mutant.function}"
        if fnmatch(place, entry.get("where", "*")) and re.search(entry.get("change", ""), change):
            return entry["verdict"], entry["why"]
    return "not judged", ""


def interval(killed: int, total: int) -> tuple[float, float]:
    """Where the share of all lies if a sample has this one, 95 %, in percent (Wilson 1927)."""
    share, z = killed / total, 1.96
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    half /= 1 + z * z / total
    return 100 * (middle - half), 100 * (middle + half)


def page(tested: list[Mutant], total: int) -> Iterator[str]:
    """Lines of the page."""
    killed = sum(mutant.killed for mutant in tested)
    low, high = interval(killed, len(tested))
    yield "# Do the tests notice?"
    yield ""
    yield (
        "`make mutation` changes `spiralcore/trajectory` and `spiralcore/analysis` in small ways (mutmut: "
        "another operator, another number, an argument left out, `None` instead of a value) and runs the "
        "tests of these two rooms against each change. A change that no test notices is a hole in the tests, "
        "or a change that makes no difference. This page is made by that command; the judgements are kept "
        "by hand in `tests/mutation-judgements.toml`."
    )
    yield ""
    if len(tested) == total:
        yield f"All {total:,} mutants were tested: **{100 * killed / total:.1f} % were killed**."
    else:
        yield (
            f"Of {total:,} mutants {len(tested):,} were tested, chosen by a hash of their names: "
            f"**{100 * killed / len(tested):.1f} % were killed** (95 % interval for all: "
            f"{low:.1f} to {high:.1f} %)."
        )
    yield (
        f"The aim is {WANTED} %. Tests of other rooms are not counted, although they would kill some more. "
        "mutmut leaves alone what stands outside of functions, and functions with decorators "
        "(properties, caches)."
    )
    yield ""
    yield "| module | tested | killed | of these by time | survived | no test | killed |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for module in sorted({mutant.module for mutant in tested}):
        part = [mutant for mutant in tested if mutant.module == module]
        dead = sum(mutant.killed for mutant in part)
        by = Counter(NOT_KILLED.get(mutant.code) for mutant in part)
        slow = sum(mutant.code in TIMED_OUT for mutant in part)
        yield (
            f"| `{module}` | {len(part)} | {dead} | {slow} | {by['survived']} | {by['no tests']} "
            f"| {100 * dead / len(part):.0f} % |"
        )
    yield ""
    yield from survivors([mutant for mutant in tested if not mutant.killed])


def survivors(alive: list[Mutant]) -> Iterator[str]:
    """The part of the page about what was not noticed."""
    judged = []
    for mutant in alive:
        change = change_of(mutant)
        judged.append((mutant, change, *judgement(mutant, change)))
    yield "## What survived"
    yield ""
    yield "| verdict | mutants | what it means |"
    yield "|---|---:|---|"
    meanings = tomllib.loads(JUDGEMENTS.read_text())["verdicts"]
    count = Counter(verdict for _, _, verdict, _ in judged)
    for verdict, number in count.most_common():
        yield f"| {verdict} | {number} | {meanings.get(verdict, 'to be judged')} |"
    for verdict, _ in count.most_common():
        yield ""
        yield f"### {verdict.capitalize()}"
        group = [entry for entry in judged if entry[2] == verdict]
        for why in dict.fromkeys(entry[3] for entry in group):
            yield ""
            if why:
                yield why
                yield ""
            for mutant, change, _, reason in group:
                if reason == why:
                    yield f"- `{mutant.module}` {mutant.function}: `{shortened(change)}`"


def shortened(change: str) -> str:
    """A change that fits a line of the page."""
    change = change.replace("`", "'")
    before, _, after = change.partition(" → ")
    if len(change) <= 200:
        return change
    same = 0
    while same < min(len(before), len(after)) and before[same] == after[same]:
        same += 1
    start = max(0, same - 40)
    return f"…{before[start : start + 90]}… → …{after[start : start + 90]}…"


def main() -> int:
    """Run, write the page, and fail where fewer were killed than wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=int, default=100, help="percent of the mutants")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--again", action="store_true", help="test survivors of earlier runs again")
    parser.add_argument("--page", action="store_true", help="only write the page")
    options = parser.parse_args()
    os.chdir(ROOT)
    if not options.page:
        run(options.share, options.jobs, options.again)
    found = codes()
    tested = [
        Mutant(name, code)
        for name, code in found.items()
        if code is not None and chosen(name, options.share)
    ]
    PAGE.write_text("\n".join(page(tested, len(found))) + "\n")
    share = 100 * sum(mutant.killed for mutant in tested) / len(tested)
    print(f"{PAGE.relative_to(ROOT)}: {len(tested)} of {len(found)} mutants, {share:.1f} % killed")
    return 0 if share >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())

"""Changes the code in thousands of small ways and counts how many the tests notice.

``python -m scripts.mutation`` runs mutmut on ``spiralcore/trajectory`` and ``spiralcore/analysis``
and writes ``docs/mutation.md``. That takes hours; ``--minutes 60`` stops in time, and the next run
goes on. Mutants come in the order of a hash of their names, so that those that were tested are at
any time a fair sample of all.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from hashlib import sha256
from itertools import takewhile
from math import sqrt
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "mutation.md"
JUDGEMENTS = ROOT / "tests" / "mutation-judgements.toml"
WORK = ROOT / "mutants"
ROOMS = ("spiralcore/trajectory", "spiralcore/analysis")
WANTED = 85

NOTHING_TO_CHANGE = {"trajectory/__init__.py", "analysis/__init__.py"}

NOT_KILLED = {0: "survived", 5: "no tests", 33: "no tests"}
"""mutmut's exit codes of a mutant that no test noticed; all others but None are kills."""

TIMED_OUT = {-24, 24, 36, 152, 255}

BROKEN = {2, 3, 4}
"""pytest was interrupted, failed itself, or was called wrongly: says nothing about a mutant."""


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
    """Numbers on one thread, no plugins, and runs of networks that are trained once."""
    runs = WORK / "runs"
    runs.mkdir(parents=True, exist_ok=True)
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**threads, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "SPIRAL_TEST_RUNS": str(runs)}


def results() -> dict[str, int | None]:
    """Exit code of every mutant, in the order of `place`; None where there is none that counts."""
    found: dict[str, int | None] = {}
    for room in ROOMS:
        for path in sorted((WORK / room).glob("*.py.meta")):
            found |= json.loads(path.read_text())["exit_code_by_key"]
    return {
        name: None if found[name] in BROKEN else found[name] for name in sorted(found, key=place)
    }


def place(name: str) -> tuple[int, bytes]:
    """Where a mutant stands in the order in which they are tested: its percent, and within it."""
    digest = sha256(name.encode()).digest()
    return int.from_bytes(digest[:4]) % 100, digest[4:]


def forget(codes: Container[int]) -> None:
    """Drop results, so that these mutants are tested again."""
    for room in ROOMS:
        for path in (WORK / room).glob("*.py.meta"):
            meta = json.loads(path.read_text())
            found = meta["exit_code_by_key"]
            meta["exit_code_by_key"] = {n: None if c in codes else c for n, c in found.items()}
            path.write_text(json.dumps(meta))


def run(jobs: int, minutes: float | None) -> None:
    """Run mutmut on what has no result yet."""
    from mutmut import __main__ as mutmut

    os.environ.update(environment())
    if not any(Path(os.environ["SPIRAL_TEST_RUNS"]).iterdir()):
        # Trains the networks of the tests, once and with the code as it is.
        settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutmut"]
        tests = settings["pytest_add_cli_args_test_selection"] + settings["pytest_add_cli_args"]
        subprocess.run([sys.executable, "-m", "pytest", "-q", *tests], cwd=ROOT, check=True)
    # mutmut sorts by this: the quickest mutants first, if it were left alone.
    mutmut.estimated_worst_case_time = place
    if minutes is not None:
        signal.signal(signal.SIGALRM, signal.default_int_handler)
        signal.alarm(max(1, int(60 * minutes)))
    try:
        mutmut._run((), jobs)
    except KeyboardInterrupt:
        print("no time left")
    finally:
        signal.alarm(0)


def tested() -> tuple[list[Mutant], int]:
    """Those that were tested, up to the first that was not, and how many there are."""
    codes = results()
    done = takewhile(lambda item: item[1] is not None, codes.items())
    return [Mutant(name, code) for name, code in done if code is not None], len(codes)


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
    for entry in tomllib.loads(JUDGEMENTS.read_text()).get("judged", []):
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


def page(mutants: list[Mutant], total: int) -> Iterator[str]:
    """Lines of the page."""
    killed = sum(mutant.killed for mutant in mutants)
    low, high = interval(killed, len(mutants))
    yield "# Do the tests notice?"
    yield ""
    yield (
        "`make mutation` changes `spiralcore/trajectory` and `spiralcore/analysis` in small ways "
        "(mutmut: another operator or number, an argument left out, `None` instead of a value), "
        "and runs the tests of these two rooms against each. A change that no test notices is "
        "a hole in the tests, or a change that makes no difference. This page is made by that "
        "command; the judgements are kept by hand in `tests/mutation-judgements.toml`."
    )
    yield ""
    if len(mutants) == total:
        yield f"All {total:,} mutants were tested: **{100 * killed / total:.1f} % were killed**."
    else:
        yield (
            f"Of {total:,} mutants {len(mutants):,} were tested, those that come first by "
            f"a hash of their names: "
            f"**{100 * killed / len(mutants):.1f} % were killed** (95 % interval for all: "
            f"{low:.1f} to {high:.1f} %)."
        )
    yield (
        f"The aim is {WANTED} %. Tests of other rooms are not counted, although they would "
        "kill some more. mutmut leaves alone what stands outside of functions, and functions with "
        "decorators (properties, caches)."
    )
    for note in tomllib.loads(JUDGEMENTS.read_text()).get("notes", []):
        yield ""
        yield note
    there = {str(p.relative_to("spiralcore")) for room in ROOMS for p in Path(room).glob("*.py")}
    untested = sorted(there - {mutant.module for mutant in mutants} - NOTHING_TO_CHANGE)
    if untested:
        yield ""
        yield f"None was tested yet of: {', '.join(f'`{module}`' for module in untested)}."
    yield ""
    yield "| module | tested | killed | of these by time | survived | no test | killed |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for module in sorted({mutant.module for mutant in mutants}):
        part = [mutant for mutant in mutants if mutant.module == module]
        dead = sum(mutant.killed for mutant in part)
        by = Counter(NOT_KILLED.get(mutant.code) for mutant in part)
        slow = sum(mutant.code in TIMED_OUT for mutant in part)
        yield (
            f"| `{module}` | {len(part)} | {dead} | {slow} | {by['survived']} | {by['no tests']} "
            f"| {100 * dead / len(part):.0f} % |"
        )
    yield ""
    yield from survivors([mutant for mutant in mutants if not mutant.killed])


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
    parser.add_argument("--minutes", type=float, help="stop after so long")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--again", action="store_true", help="test survivors of earlier runs again")
    parser.add_argument("--page", action="store_true", help="only write the page")
    options = parser.parse_args()
    os.chdir(ROOT)
    if options.again:
        forget(NOT_KILLED)
    if not options.page:
        forget(BROKEN)
        run(options.jobs, options.minutes)
    mutants, total = tested()
    if not mutants:
        print("no mutant was tested")
        return 1
    PAGE.write_text("\n".join(page(mutants, total)) + "\n")
    share = 100 * sum(mutant.killed for mutant in mutants) / len(mutants)
    print(f"{PAGE.relative_to(ROOT)}: {len(mutants)} of {total} mutants, {share:.1f} % killed")
    return 0 if share >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())

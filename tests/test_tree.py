"""The tree as a newcomer finds it: small rooms, small files, imports without circles."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
MOST_LINES, MOST_FILES = 300, 16
PROGRAMS = ("benchmarks", "scripts")
MODULES = {
    name.removesuffix(".__init__"): path
    for folder, package in (("spiralcore", "spiralcore"), ("scenes", "spiralcore.scenes"))
    for path in (ROOT / folder).rglob("*.py")
    for name in [".".join([package, *path.relative_to(ROOT / folder).with_suffix("").parts])]
}


class _Imports(ast.NodeVisitor):
    """Whatever is imported when a module runs, inside of functions too."""

    def __init__(self) -> None:
        self.found: set[str] = set()

    def visit_If(self, node: ast.If) -> None:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            for other in node.orelse:
                self.visit(other)
        else:
            self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        self.found |= {alias.name for alias in node.names}

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            full = f"{node.module}.{alias.name}"
            self.found.add(full if full in MODULES else f"{node.module}")


def imports(name: str) -> set[str]:
    visitor = _Imports()
    visitor.visit(ast.parse(MODULES[name].read_text("utf-8")))
    return {other for other in visitor.found if other in MODULES and other != name}


def circles(arrows: dict[str, set[str]]) -> Iterator[list[str]]:
    """A way back to itself for each module that has one."""
    for start in arrows:
        ways, seen = [[start]], {start}
        while ways:
            way = ways.pop()
            for target in arrows[way[-1]]:
                if target == start:
                    yield [*way, start]
                    ways = []
                    break
                if target not in seen:
                    seen.add(target)
                    ways.append([*way, target])


def test_a_circle_is_found() -> None:
    assert list(circles({"a": {"b"}, "b": {"c"}, "c": {"b"}})) == [["b", "c", "b"], ["c", "b", "c"]]


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert list(circles({name: imports(name) for name in MODULES})) == []


def test_modules_are_short() -> None:
    programs = {path.stem: path for folder in PROGRAMS for path in (ROOT / folder).rglob("*.py")}
    programs |= {path.stem: path for path in ROOT.glob("*.py")}
    lines = {
        name: len(path.read_text("utf-8").splitlines())
        for name, path in (MODULES | programs).items()
    }
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}


def test_rooms_are_small_and_have_a_caption() -> None:
    table = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    captions = dict(re.findall(r"(?m)^\| `(spiralcore/\w+)` \| ([^|]*) \|", table))
    programs = {path.parent for folder in PROGRAMS for path in (ROOT / folder).rglob("*.py")}
    for folder in programs | {path.parent for path in (ROOT / "tests").rglob("*.py")}:
        assert len(list(folder.glob("[!_]*.py"))) <= MOST_FILES, folder
    folders = {path.parent for path in MODULES.values()}
    for folder in sorted(folders):
        where = folder.relative_to(ROOT)
        modules = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
        assert len(modules) <= MOST_FILES, where
        caption = ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8")))
        assert caption, f"{where}/__init__.py says nothing of the room"
        if len(where.parts) > 1:
            room = captions[f"{where.parts[0]}/{where.parts[1]}"]
            assert len(where.parts) == 2 or f"`{where.name}/`" in room, where

"""Which code decides how a picture looks: what its modules import, followed to the end."""

from __future__ import annotations

import ast
import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.util import resolve_name
from pathlib import Path
from typing import NamedTuple

from spiralcore.version import __version__

PACKAGE = "spiralcore"
SCENES = "spiralcore.scenes"

DATA = re.compile(r"""["']([\w-]+\.(?:css|csv|html|js|json|npz|svg|ttf))["']""")
"""Names of data files as they stand in code. Settings (TOML) are not among them: what they say is
in the key of what is made with them."""

TEXT_OR_COMMENT = re.compile(
    r'"""(?:\\.|.)*?"""|\'\'\'(?:\\.|.)*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|#[^\n]*',
    re.DOTALL,
)


BLOCKS = frozenset({"body", "orelse", "finalbody", "handlers", "cases"})
"""Where statements have others, or branches that have."""


class Module(NamedTuple):
    """What there is to know of one module.

    Attributes
    ----------
    code
        Its text without comments, docstrings and empty lines.
    imports
        Whatever it imports at any time, be it late: names of modules, and of things in them.
    data
        Names of files beside it that it may read.
    """

    code: str
    imports: tuple[str, ...]
    data: tuple[str, ...]


def code_digest(roots: Sequence[str], package: Path | None = None) -> str:
    """Identify the code that some modules consist of, with all that they import from this package.

    Comments and docstrings make no difference.

    Parameters
    ----------
    roots
        Full names of modules.
    package
        Folder of the package; the one that is running, if it is not given.

    Raises
    ------
    ModuleNotFoundError
        If there is no module of a name.
    """
    digest = hashlib.sha256(__version__.encode())
    for name, content in sorted(sources(roots, package).items()):
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def sources(roots: Sequence[str], package: Path | None = None) -> Mapping[str, bytes]:
    """What decides: modules by their full name, and data files that they read by their place.

    Parameters and errors are those of `code_digest`.
    """
    tree = _running() if package is None else _Tree(package)
    found: dict[str, bytes] = {}
    waiting = list(roots)
    for root in roots:
        if root not in tree.files:
            raise ModuleNotFoundError(f"No module named {root!r} in {tree.package}", name=root)
    while waiting:
        name = waiting.pop()
        path = None if name in found else tree.files.get(name)
        if path is None:
            continue
        module = tree.module(path)
        found[name] = module.code.encode()
        home = name if path.name == "__init__.py" else name.rpartition(".")[0]
        for target in (name, *(resolve_name(target, home) for target in module.imports)):
            waiting += _with_parents(target)
        for beside in (path.with_name(data) for data in module.data):
            if (content := tree.data(beside)) is not None:
                found[f"{name} reads {beside.name}"] = content
    return found


class _Tree:
    """A package on disk; each of its files is read once, and found at the start.

    Parameters
    ----------
    package
        Its folder.

    Attributes
    ----------
    files
        Of all modules, by their full names.
    """

    def __init__(self, package: Path) -> None:
        self.package = package
        self.files = _files(package)
        self._modules: dict[Path, Module] = {}
        self._data: dict[Path, bytes | None] = {}

    def module(self, path: Path) -> Module:
        """What there is to know of a module."""
        if path not in self._modules:
            self._modules[path] = read_module(path.read_text("utf-8"))
        return self._modules[path]

    def data(self, path: Path) -> bytes | None:
        """What is in a file beside modules; None where there is none."""
        if path not in self._data:
            self._data[path] = path.read_bytes() if path.is_file() else None
        return self._data[path]


@cache
def _running() -> _Tree:
    """The package that is running, as it was when the first key was asked for.

    All keys of a process are of one state of the code. What is edited while it runs is not looked
    at: it may be drawn with or without that, as workers load their code when they start. Then a
    key of before is the right one: the next process finds the file out of date, and makes it anew.
    """
    return _Tree(Path(__file__).parents[1])


@lru_cache(maxsize=1024)
def read_module(text: str) -> Module:
    """Take a module's text apart."""
    tree = ast.parse(text)
    imports: dict[str, None] = {}
    lines = text.encode().splitlines(keepends=True)
    for statement in _statements(tree.body):
        match statement:
            case ast.Import():
                imports |= dict.fromkeys(alias.name for alias in statement.names)
            case ast.ImportFrom():
                module = "." * statement.level + (statement.module or "")
                stem = module if module.endswith(".") else f"{module}."
                names = (stem + alias.name for alias in statement.names)
                imports |= dict.fromkeys((module, *names))
            case ast.Expr(value=ast.Constant(value=str()) as text_alone):
                _blank(lines, text_alone)
    whole = b"".join(lines).decode()
    bare = TEXT_OR_COMMENT.sub(lambda found: "" if found[0][0] == "#" else found[0], whole)
    code = "\n".join(line.rstrip() for line in bare.splitlines() if line.strip())
    return Module(code, tuple(imports), tuple(dict.fromkeys(DATA.findall(code))))


def _blank(lines: list[bytes], text: ast.Constant) -> None:
    """Put an ellipsis in place of a docstring, which may go over several lines."""
    first, last = text.lineno - 1, (text.end_lineno or text.lineno) - 1
    before, after = lines[first][: text.col_offset], lines[last][text.end_col_offset or 0 :]
    lines[first : last + 1] = [before + b"..." + after, *[b""] * (last - first)]


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    """All statements, and branches of statements, but those that never run here.

    These are what is for type checkers only, and a module's ``__getattr__``, which hands through
    the names of other modules: whoever uses those imports these.
    """
    waiting: list[ast.AST] = list(reversed(body))
    while waiting:
        statement = waiting.pop()
        match statement:
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                waiting += reversed(statement.orelse)
                continue
            case ast.FunctionDef(name="__getattr__", args=ast.arguments(args=[_])):
                continue
        yield statement
        inner = [getattr(statement, field) for field in statement._fields if field in BLOCKS]
        for block in reversed(inner):
            # What is written as one expression, as a lambda's is, has none.
            waiting += reversed(block) if isinstance(block, list) else ()


def _with_parents(name: str) -> list[str]:
    """A module of this package and the packages that it lies in, which are loaded with it."""
    parts = name.split(".")
    if parts[0] != PACKAGE:
        return []
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]


def _files(package: Path) -> dict[str, Path]:
    """The files of all modules of a package, by their full names."""
    # In a checkout the films lie beside the package, or are linked into it.
    inside = package / "scenes"
    places = {PACKAGE: package, SCENES: inside if inside.exists() else package.parent / "scenes"}
    found: dict[str, Path] = {}
    for home, place in places.items():
        for folder, _, names in os.walk(place, followlinks=True):
            inner = Path(folder).relative_to(place).parts
            for name in sorted(names, reverse=True):
                if name.endswith(".py"):
                    own = () if name == "__init__.py" else (name[:-3],)
                    found[".".join([home, *inner, *own])] = Path(folder, name)
    return found

"""The house numbers of the project, its tools and its layout, held as tests.

It reads the source as text and as syntax; it knows nothing of what the source does.
"""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median

import pytest

from mapgen.rules import CODES
from mapgen.steps.plan import PLAN
from mapgen.steps.relate import RELATE
from mapgen.steps.repair import CONCEPT
from mapgen.steps.write import WRITE

ROOT = Path(__file__).resolve().parent.parent
SOURCE = sorted((ROOT / "mapgen").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TEXTS = [
    path
    for folder in ("mapgen", "prompts", "tests", "examples", "evals", ".ci")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.is_file()
    and path.suffix in {"", ".sh", ".py", ".j2", ".css", ".js", ".md", ".toml", ".json", ".txt", ".html"}
] + [path for path in ROOT.iterdir() if path.is_file() and path.name != ".git"]

FILE_MEDIAN, FILE_MOST = 100, 300
FUNCTION_MEDIAN, FUNCTION_MOST = 10, 60
PARAMETERS, POSITIONAL = 6, 2
COMMENTS = 0.05
DOCSTRING, PACKAGE_DOCSTRING = (2, 6), (2, 8)
LONG_DOCSTRINGS = {"mapgen/errors.py"}  # draws the tree of errors
FORBIDDEN = (
    "/" + "work/",
    "../" + "shared",
    "pypi" + ".org",
    "files.python" + "hosted.org",
    "registry.npm" + "js.org",
    "deb.debian" + ".org",
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def functions(paths: list[Path]) -> Iterator[tuple[str, Function]]:
    """Every function with where it stands."""
    for path in paths:
        for node in ast.walk(tree(path)):
            if isinstance(node, Function):
                yield f"{name_of(path)}:{node.lineno} {node.name}", node


def length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


@pytest.mark.parametrize(
    "command",
    [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",), ("lint-imports",)],
    ids=lambda command: " ".join(command),
)
def test_the_tools_find_nothing(command: tuple[str, ...]) -> None:
    program, *arguments = command
    done = subprocess.run(
        [str(Path(sys.executable).with_name(program)), *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_files_are_short() -> None:
    assert median(map(lines, SOURCE)) <= FILE_MEDIAN
    assert [name_of(path) for path in (*SOURCE, *TESTS) if lines(path) > FILE_MOST] == []


def test_functions_are_short() -> None:
    lengths = {where: length(function) for where, function in functions(SOURCE)}
    assert median(lengths.values()) <= FUNCTION_MEDIAN
    assert {where: n for where, n in lengths.items() if n > FUNCTION_MOST} == {}
    tests = {where: length(one) for where, one in functions(TESTS) if one.name.startswith("test_")}
    assert {where: n for where, n in tests.items() if n > FUNCTION_MOST} == {}


def positional(function: Function) -> list[str]:
    """The parameters that may be given by position, self and cls apart."""
    names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
    return names[1:] if names[:1] in (["self"], ["cls"]) else names


# What others call by position: the language's own methods, diskcache's hooks, reports of progress.
CALLED_BY_OTHERS = {"__aexit__", "__exit__", "fetch", "progress", "show", "__call__"}


def test_parameters_are_few_and_named() -> None:
    found = {
        where: (positional(function), len(function.args.kwonlyargs))
        for where, function in functions(SOURCE)
        if function.name not in CALLED_BY_OTHERS
    }
    assert {where: names for where, (names, named) in found.items() if len(names) + named > PARAMETERS} == {}
    assert {where: names for where, (names, _) in found.items() if len(names) > POSITIONAL} == {}


def comment_lines(path: Path) -> int:
    """The lines that hold nothing but a comment, or end with one; directives to tools apart."""
    tokens = tokenize.generate_tokens(io.StringIO(path.read_text("utf-8")).readline)
    found = (token.string for token in tokens if token.type == tokenize.COMMENT)
    return sum(not re.match(r"#\s*(type:|noqa|fmt:|pragma)", comment) for comment in found)


def test_comments_are_rare() -> None:
    for paths in (SOURCE, TESTS):
        assert sum(map(comment_lines, paths)) <= COMMENTS * sum(map(lines, paths))
    crowded = [name_of(path) for path in SOURCE if comment_lines(path) > max(4, COMMENTS * lines(path))]
    assert crowded == []


def docstring_lines(path: Path) -> int:
    text = ast.get_docstring(tree(path), clean=False)
    return len(text.strip().splitlines()) if text else 0


def test_every_module_opens_with_what_it_is() -> None:
    wrong = {}
    for path in SOURCE:
        least, most = PACKAGE_DOCSTRING if path.name == "__init__.py" else DOCSTRING
        if not least <= docstring_lines(path) <= most and name_of(path) not in LONG_DOCSTRINGS:
            wrong[name_of(path)] = docstring_lines(path)
    assert wrong == {}
    assert [name_of(path) for path in TESTS if docstring_lines(path) < 1] == []


def test_public_things_have_docstrings() -> None:
    bare = []
    for path in SOURCE:
        inner = [node for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef) and node.name[0] != "_"]
        for owner in (tree(path), *inner):
            for node in owner.body:
                public = isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_")
                if public and not ast.get_docstring(node):
                    bare.append(f"{name_of(path)}:{node.lineno} {node.name}")
    assert bare == []


def test_every_module_has_postponed_annotations() -> None:
    for path in (*SOURCE, *TESTS):
        text = path.read_text("utf-8")
        bare = len([node for node in tree(path).body if not isinstance(node, ast.Expr)]) == 0
        constants = all(isinstance(node, ast.Expr | ast.Assign) for node in tree(path).body)
        assert bare or constants or "from __future__ import annotations" in text, name_of(path)


def test_tests_are_at_least_as_long_as_the_source() -> None:
    assert sum(map(lines, TESTS)) >= sum(map(lines, SOURCE))


def test_a_stage_is_one_noun_in_its_places() -> None:
    for prompt in (PLAN, WRITE, RELATE, CONCEPT):
        noun = prompt.name
        for place in (f"mapgen/steps/{noun}.py", f"prompts/{noun}.j2", f"tests/steps/test_{noun}.py"):
            assert (ROOT / place).is_file(), place
        step = __import__(f"mapgen.steps.{noun}", fromlist=[noun])
        assert callable(getattr(step, noun))
        assert prompt.given.__name__ == f"{noun.capitalize()}Input"
        assert prompt.given.__module__ == step.__name__
    assert {path.stem for path in (ROOT / "prompts").glob("*.j2")} == {"plan", "write", "relate", "repair"}


def test_tests_mirror_the_rooms() -> None:
    rooms = {path.name for path in (ROOT / "mapgen").iterdir() if path.is_dir() and list(path.glob("[a-z]*.py"))}
    assert rooms <= {path.name for path in (ROOT / "tests").iterdir() if list(path.glob("test_*.py"))}
    upper = {path.stem for path in (ROOT / "mapgen").glob("*.py")} - {"__init__", "__main__", "version", "errors"}
    tested = {path.stem.removeprefix("test_") for path in (ROOT / "tests").glob("test_*.py")}
    assert upper - tested <= {"embedded"}


def test_nothing_refers_to_where_it_was_made_or_to_a_registry() -> None:
    found = {}
    for path in TEXTS:
        text = path.read_bytes().decode("utf-8", "replace")
        if hits := [word for word in FORBIDDEN if word in text]:
            found[name_of(path)] = hits
    assert found == {}


def test_every_code_that_a_rule_gives_is_documented_and_every_documented_one_given() -> None:
    source = "".join(path.read_text("utf-8") for path in (ROOT / "mapgen" / "rules").glob("*.py"))
    table = source[source.index("CODES = {") : source.index("}", source.index("CODES = {"))]
    given = set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', source.replace(table, "")))
    assert set(CODES) <= given
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)+", code) for code in CODES)


def test_no_stub_is_left() -> None:
    for path in SOURCE:
        text = path.read_text("utf-8")
        assert not re.search(r"\b(TODO|FIXME|XXX)\b(?!\|)", "".join(comments_of(text))), name_of(path)
        assert "raise NotImplementedError" not in text, name_of(path)
        assert not re.search(r"except( Exception)?:\s*\n\s*pass", text), name_of(path)


def comments_of(text: str) -> Iterator[str]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.string

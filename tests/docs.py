"""Writes the generated parts of the pages: what stands between <!-- NAME --> and <!-- end -->.

Run as a program it rewrites them; tests/test_docs.py holds that they are as they would be written.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner

ROOT = Path(__file__).resolve().parent.parent
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "evals" / "README.md")
_PART = re.compile(r"(<!-- (?P<name>[a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def written(text: str) -> str:
    """``text`` with every generated part as it is now."""
    return _PART.sub(lambda match: f"{match[1]}{PARTS[match['name']]()}{match[3]}", text)


def help_of(*command: str) -> str:
    """The help of a command, as a terminal of 100 columns shows it."""
    from mapgen.cli import cli

    result = CliRunner().invoke(cli, [*command, "--help"], prog_name="mapgen", terminal_width=100)
    assert result.exit_code == 0, result.output
    return f"```text\n{result.output}```\n"


def kinds() -> str:
    """The vocabulary of relations."""
    from mapgen.steps.relations import KINDS

    rows = "".join(f"| {kind} | {meaning} |\n" for kind, meaning in KINDS.items())
    return f"| kind | A *kind* B means |\n| --- | --- |\n{rows}"


def rules() -> str:
    """What the rules can find."""
    from mapgen.rules import CODES

    rows = "".join(f"| `{code}` | {meaning} |\n" for code, meaning in CODES.items())
    return f"| code | what it says |\n| --- | --- |\n{rows}"


def settings() -> str:
    """Every setting with its variable and default."""
    from mapgen.settings import Settings

    rows = ""
    for name, field in Settings.model_fields.items():
        default = "" if field.default_factory or field.default is None else f"`{field.default}`"
        rows += f"| `{name}` | `MAPGEN_{name.upper()}` | {field.description} | {default} |\n"
    return f"| setting | variable | what it is | default |\n| --- | --- | --- | --- |\n{rows}"


def metrics() -> str:
    """Every metric with its formula and margin, and whether it gates in the core suite."""
    from mapgen.evaluation.judge import JUDGED
    from mapgen.evaluation.metrics import METRICS
    from mapgen.evaluation.suite import load

    gating = load(ROOT / "evals" / "suites" / "core.yaml").primary
    rows = "".join(
        f"| `{one.id}` | {one.formula} | {one.margin or ''} | {'yes' if one.id in gating else ''} |\n"
        for one in METRICS.values()
    )
    rows += "".join(
        f"| `{one.id}` | {one.formula} | {one.margin} | with a trusted judge |\n" for one in JUDGED.values()
    )
    return f"| metric | formula | margin | gates in core |\n| --- | --- | --- | --- |\n{rows}"


def figures() -> str:
    """The table of the last benchmark run."""
    return (ROOT / "evals" / "speed" / "RESULTS.md").read_text(encoding="utf-8").split("\n\n", 1)[1]


def meta() -> str:
    """The findings of the last meta-evaluation."""
    return (ROOT / "evals" / "meta" / "RESULTS.md").read_text(encoding="utf-8")


def injection(page: str = "RESULTS.md") -> str:
    """What the last experiment on prompt injection was of, its rates by family, and its test."""
    blocks = (ROOT / "evals" / "injection" / page).read_text(encoding="utf-8").split("\n\n")
    at = next(at for at, block in enumerate(blocks) if block.startswith("| family"))
    return "\n\n".join(blocks[at - 1 : at + 2]) + "\n"


def formats() -> str:
    """Every format, with its suffixes and what must be installed for it."""
    from mapgen.render import FORMATS

    rows = ""
    for name, format in FORMATS.items():
        suffixes = " ".join(f"`{suffix}`" for suffix in format.suffixes)
        extra = f"`mapgen[{format.extra}]`" if format.extra else ""
        rows += f"| {name} | {suffixes} | {format.description} | {extra} |\n"
    return f"| format | suffix | what it is | needs |\n| --- | --- | --- | --- |\n{rows}"


PARTS: dict[str, Callable[[], str]] = {
    "help": help_of,
    "help-make": lambda: help_of("make"),
    "injection": injection,
    "injection-source": lambda: injection("SOURCES.md"),
    "kinds": kinds,
    "meta": meta,
    "metrics": metrics,
    "formats": formats,
    "rules": rules,
    "settings": settings,
    "figures": figures,
}


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(written(page.read_text(encoding="utf-8")), encoding="utf-8")

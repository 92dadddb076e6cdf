"""What the tests of runs and comparisons share: a small suite, prompts under git, a server that counts by prompt.

The server answers as a good model would, and badly wherever the prompt that it gets says "carelessly".
"""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mapgen.evaluation.records import Head, Record
from mapgen.model import KnowledgeMap
from mapgen.prompting import builtin_folder
from tests.scripts import good_map as good_scripted_map
from tests.servers import fake
from tests.servers.fake import FakeServer, Request

QUERY = "How do interest rates affect inflation and oil prices?"
CONCEPTS = 5
PRIMARY = ("valid_first", "one_sentence", "clean")
BAD = {"definition": "<b>TODO</b>. And more. And yet more."}
OUTSIDE = (  # names of templates that no folder of prompts has
    "../../x.j2",
    "/x.j2",
    "a/../../b.j2",
    "a//b.j2",
    "a/./b.j2",
    "C:\\x.j2",
    "C:x.j2",
    "a\\..\\b.j2",
    "a\0.j2",
    "x.txt",
    "",
)
Served = Callable[[Request], dict[str, Any]]


def suite(folder: Path, *, cases: int = 7, primary: tuple[str, ...] = PRIMARY) -> Path:
    """Write a suite of so many cases, each a unit; its file, in suites/."""
    path = folder / "suites" / "small.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = "\n".join(f'  - {{id: case-{n}, query: "{QUERY} {n}"}}' for n in range(cases))
    path.write_text(f"name: small\ndescription: For tests.\nprimary: [{', '.join(primary)}]\ncases:\n{lines}\n")
    return path


def prompts(folder: Path, name: str = "prompts") -> Path:
    """A copy of the prompts that came with mapgen."""
    shutil.copytree(builtin_folder(), folder / name)
    return folder / name


def edit(folder: Path, prompt: str, text: str = "Write it carelessly.") -> None:
    """Put a sentence into the system message of a prompt."""
    path = folder / f"{prompt}.j2"
    path.write_text(path.read_text("utf-8").replace("{% block system %}", f"{{% block system %}}\n{text}", 1), "utf-8")


def comment(folder: Path, prompt: str) -> None:
    """Put comments into a prompt, which change nothing that it says."""
    path = folder / f"{prompt}.j2"
    text = path.read_text("utf-8").replace(". ", ".{# why this is said #} ", 2)
    path.write_text(f"{{# a comment #}}\n{text}", "utf-8")


def git(folder: Path, *arguments: str) -> None:
    """Run git in a folder, as somebody."""
    somebody = ("-c", "user.email=a@example.org", "-c", "user.name=A", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *somebody, *arguments], cwd=folder, check=True, capture_output=True)


def repository(folder: Path) -> Path:
    """A git repository with prompts committed in it; their folder."""
    copied = prompts(folder)
    git(folder, "init", "-q")
    git(folder, "add", "prompts")
    git(folder, "commit", "-q", "-m", "prompts")
    return copied


def careless(request: Request) -> dict[str, Any]:
    """A good answer; but where the prompt says so, a bad definition, again and again."""
    good = fake.good_map(CONCEPTS)(request)
    bad = "carelessly" in request.messages[0] and "definition" in good
    return good | BAD if bad else good


def asked(server: FakeServer) -> Counter[str]:
    """How many requests came, by the prompt's name."""
    return Counter(_prompt(request) for request in server.requests)


def _prompt(request: Request) -> str:
    if "concepts" in request.properties:
        return "plan"
    if "relations" in request.properties:
        return "relate"
    first = request.messages[1]
    return "write" if "Explain this concept" in first else "repair"


def hosted(server: FakeServer, folder: Path, **more: Any) -> dict[str, Any]:
    """The options that ask the server, with a cache of their own."""
    told = {"model": "fake-model", "base_url": server.url, "api_key": "sk-secret", "cache_dir": folder / "cache"}
    return told | more


def head(**changes: Any) -> Head:
    """A head."""
    told: dict[str, Any] = {
        "suite": "small",
        "suite_fingerprint": "0123456789ab",
        "prompts": "ba9876543210",
        "templates": {"write.j2": "Write.", "partials/a.j2": "Say\u2028so."},
        "model": "fake-model",
        "planner": "fake-model",
        "endpoint": "127.0.0.1:9",
        "mapgen": "0.1.0",
        "created": datetime(2026, 1, 2, tzinfo=UTC),
        "label": "prompts/",
    }
    return Head(**(told | changes))


def record(case: str = "case-0", repeat: int = 0, **changes: Any) -> Record:
    """A record of the good map."""
    told: dict[str, Any] = {"map": good_scripted_map(), "calls": 6, "asked": 6, "seconds": 1.0}
    return Record(case=case, repeat=repeat, **(told | changes))


def worse(map: KnowledgeMap) -> KnowledgeMap:
    """The map with definitions of two sentences."""
    concepts = tuple(one.model_copy(update={"definition": f"{one.definition} It is that."}) for one in map.concepts)
    return map.model_copy(update={"concepts": concepts})

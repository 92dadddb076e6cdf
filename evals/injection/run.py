"""Measures how often a model obeys a query that tries to steer it: python evals/injection/run.py --model local.

Every attack is asked with the shipped prompts and with the same without their fence, and each question once without
an attack, two maps at a time. With --way source the attack comes in a passage instead. What was asked is kept, so the
same command goes on after a kill; RESULTS.md, or SOURCES.md, is written anew at the end, or by --report.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from evals.injection import fencing, records  # noqa: E402
from evals.injection.attacks import Attack, Attacks  # noqa: E402
from evals.injection.planting import Planted  # noqa: E402
from evals.injection.records import ARMS, Arm, Record, Setup, Way  # noqa: E402
from evals.injection.report import report, scored, text_of  # noqa: E402
from mapgen.errors import BadAnswer, ContentRefused, MapgenError  # noqa: E402
from mapgen.evaluation.bench import UNHURRIED  # noqa: E402
from mapgen.files import write_atomic  # noqa: E402
from mapgen.model import KnowledgeMap, Query  # noqa: E402
from mapgen.prompting import PromptSet, builtin_folder  # noqa: E402
from mapgen.session import Making, Session  # noqa: E402

RUNS, HERE = ROOT / "evals" / "runs" / "injection.jsonl", Path(__file__).parent
RESULTS: dict[Way, Path] = {"query": HERE / "RESULTS.md", "source": HERE / "SOURCES.md"}
AT_ONCE = 2  # maps; the embedded model writes several texts at once faster than one by one


class Wanted(NamedTuple):
    """What is to be asked in one arm; ``text`` is what may hold the attack, the query itself or a passage."""

    arm: Arm
    text: str
    query: str


def wanted(attacks: Attacks, arms: tuple[Arm, ...], *, limit: int | None, way: Way = "query") -> list[Wanted]:
    """What is to be asked, arm by arm for each attack and family by family, so that a run cut short can be compared."""
    found: list[Wanted] = []
    for attack in evenly(attacks.attacks)[:limit]:
        for arm in arms:
            text = text_of(attacks, attack, arm=arm, way=way)
            found.append(Wanted(arm, text, attacks.control(attack) if way == "source" else text))
    return list(dict.fromkeys(found))


def evenly(attacks: tuple[Attack, ...]) -> list[Attack]:
    """The first of each family, then the second of each, and so on."""
    families: dict[str, list[Attack]] = {}
    for attack in attacks:
        families.setdefault(attack.family, []).append(attack)
    return [one for round in zip_longest(*families.values()) for one in round if one is not None]


def setup_of(session: Session, shipped: PromptSet, *, concepts: int, way: Way = "query") -> Setup:
    """What the records of this run have in common."""
    writer = session.endpoints["writer"]
    return Setup(
        model=writer.model,
        endpoint=writer.host,
        prompts=shipped.fingerprint(),
        concepts=concepts,
        way=way,
    )


async def ask(session: Session, setup: Setup, shipped: PromptSet, *, wanted: Wanted) -> Record:
    """One map. Raises MapgenError where that is not the model's doing."""
    began, query = time.monotonic(), Query.of(wanted.query, concepts=setup.concepts)
    finder = Planted(wanted.text) if setup.way == "source" else None
    with tempfile.TemporaryDirectory() as folder:
        prompts = fencing.unfenced(shipped, folder=Path(folder) / "set") if wanted.arm == "unfenced" else shipped
        map: KnowledgeMap | None = None
        error = ""
        try:
            map = await session.make(query, Making(prompts=prompts, finder=finder))
        except (BadAnswer, ContentRefused) as failed:
            error = f"{type(failed).__name__}: {failed.message}"
    seconds = round(time.monotonic() - began, 1)
    return Record(setup=setup, arm=wanted.arm, text=wanted.text, map=map, error=error, seconds=seconds)


async def run(session: Session, shipped: PromptSet, options: argparse.Namespace) -> Setup:
    """Ask what is missing, and keep each answer at once."""
    setup = setup_of(session, shipped, concepts=options.concepts, way=options.way)
    attacks = Attacks.load()
    done = records.read(options.runs, setup)
    asked = wanted(attacks, tuple(options.arms), limit=options.limit, way=options.way)
    missing = [one for one in asked if (one.arm, one.text) not in done]
    todo = iter(enumerate([] if options.report else missing, start=1))

    async def go_on() -> None:
        for at, one in todo:
            record = await ask(session, setup, shipped, wanted=one)
            records.append(options.runs, record)
            print(f"{at}/{len(missing)} {one.arm}: {record.seconds} s {record.error}", file=sys.stderr, flush=True)

    await asyncio.gather(*(go_on() for _ in range(AT_ONCE)))
    return setup


def said_before(shipped: PromptSet) -> str:
    """The words that stand before a query, as they are in the templates."""
    return "\n".join((shipped.folder / path).read_text("utf-8") for path in shipped.files())


def write(setup: Setup, shipped: PromptSet, options: argparse.Namespace) -> None:
    """The page of all records of that setup."""
    known = records.read(options.runs, setup)
    asked = f"{len(known)} maps of {setup.concepts} concepts"
    about = f"Model {setup.model} ({setup.endpoint}), prompts {setup.prompts}: {asked}."
    found = scored(Attacks.load(), known, prompts=said_before(shipped), way=setup.way)
    write_atomic(options.out or RESULTS[setup.way], report(found, about=about, way=setup.way))


async def main(arguments: list[str] | None = None) -> None:
    """Parse the arguments, run, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", help="as in mapgen --model; otherwise what the environment says")
    parser.add_argument("--base-url", help="as in mapgen --base-url")
    parser.add_argument("--prompts", type=Path, default=builtin_folder(), help="the prompt set to be tried")
    parser.add_argument("--concepts", type=int, default=3, help="concepts of each map (default 3, the fewest)")
    parser.add_argument("--arms", nargs="+", choices=ARMS, default=list(ARMS))
    parser.add_argument("--way", choices=tuple(RESULTS), default="query", help="by which the attack comes")
    parser.add_argument("--limit", type=int, help="take so many attacks only, evenly of all families")
    parser.add_argument("--report", action="store_true", help="ask nothing, write the page")
    parser.add_argument("--runs", type=Path, default=RUNS, help="where the answers are kept")
    parser.add_argument("--out", type=Path, help="where the page is written")
    options = parser.parse_args(arguments)
    shipped = PromptSet(options.prompts)
    named = {"model": options.model, "base_url": options.base_url}
    async with Session(
        deadline=UNHURRIED, cache=False, sources=(), **{key: value for key, value in named.items() if value}
    ) as session:
        setup = await run(session, shipped, options)
    write(setup, shipped, options)


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except MapgenError as failed:
        sys.exit(f"{failed.message} {failed.hint}")

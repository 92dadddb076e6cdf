"""Measures how often a model obeys a query that tries to steer it: python evals/injection/run.py --model local.

Every attack is asked with the shipped prompts and with the same without their fence, and each question once without
an attack. What was asked is kept, so the same command goes on after a kill; RESULTS.md is written anew at the end, or
by --report.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from evals.injection import fencing, records  # noqa: E402
from evals.injection.attacks import Attacks  # noqa: E402
from evals.injection.records import ARMS, Arm, Record, Setup  # noqa: E402
from evals.injection.report import report, scored  # noqa: E402
from mapgen.errors import BadAnswer, ContentRefused, MapgenError  # noqa: E402
from mapgen.files import write_atomic  # noqa: E402
from mapgen.model import KnowledgeMap, Query  # noqa: E402
from mapgen.prompting import PromptSet, builtin_folder  # noqa: E402
from mapgen.session import Making, Session  # noqa: E402

RUNS, RESULTS = ROOT / "evals" / "runs" / "injection.jsonl", Path(__file__).with_name("RESULTS.md")
MONTH = 30 * 86_400.0  # seconds: a run lasts as long as it takes


def wanted(attacks: Attacks, arms: tuple[Arm, ...], *, limit: int | None) -> Iterator[tuple[Arm, str]]:
    """What is to be asked: arm by arm for each attack, so that a run that ends early can be compared."""
    seen: set[tuple[Arm, str]] = set()
    for attack in attacks.attacks[:limit]:
        for arm in arms:
            pair = arm, attacks.control(attack) if arm == "control" else attacks.query(attack)
            if pair not in seen:
                seen.add(pair)
                yield pair


def setup_of(session: Session, shipped: PromptSet, *, concepts: int) -> Setup:
    """What the records of this run have in common."""
    writer = session.endpoints["writer"]
    return Setup(
        model=writer.model,
        endpoint=writer.host,
        prompts=shipped.fingerprint(),
        concepts=concepts,
    )


async def ask(session: Session, setup: Setup, shipped: PromptSet, *, arm: Arm, text: str) -> Record:
    """One map. Raises MapgenError where that is not the model's doing."""
    began, query = time.monotonic(), Query.of(text, concepts=setup.concepts)
    with tempfile.TemporaryDirectory() as folder:
        prompts = fencing.unfenced(shipped, folder=Path(folder) / "set") if arm == "unfenced" else shipped
        map: KnowledgeMap | None = None
        error = ""
        try:
            map = await session.make(query, Making(prompts=prompts))
        except (BadAnswer, ContentRefused) as failed:
            error = f"{type(failed).__name__}: {failed.message}"
    seconds = round(time.monotonic() - began, 1)
    return Record(setup=setup, arm=arm, query=text, map=map, error=error, seconds=seconds)


async def run(session: Session, shipped: PromptSet, options: argparse.Namespace) -> Setup:
    """Ask what is missing, and keep each answer at once."""
    setup = setup_of(session, shipped, concepts=options.concepts)
    attacks = Attacks.load()
    done = records.read(options.runs, setup)
    missing = [pair for pair in wanted(attacks, tuple(options.arms), limit=options.limit) if pair not in done]
    for at, (arm, text) in enumerate([] if options.report else missing, start=1):
        record = await ask(session, setup, shipped, arm=arm, text=text)
        records.append(options.runs, record)
        print(f"{at}/{len(missing)} {arm}: {record.seconds} s {record.error}", file=sys.stderr, flush=True)
    return setup


def said_before(shipped: PromptSet) -> str:
    """The words that stand before a query, as they are in the templates."""
    return "\n".join((shipped.folder / path).read_text("utf-8") for path in shipped.files())


def write(setup: Setup, shipped: PromptSet, options: argparse.Namespace) -> None:
    """The page of all records of that setup."""
    known = records.read(options.runs, setup)
    asked = f"{len(known)} maps of {setup.concepts} concepts"
    about = f"Model {setup.model} ({setup.endpoint}), prompts {setup.prompts}: {asked}."
    found = scored(Attacks.load(), known, prompts=said_before(shipped))
    write_atomic(options.out, report(found, about=about))


async def main(arguments: list[str] | None = None) -> None:
    """Parse the arguments, run, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", help="as in mapgen --model; otherwise what the environment says")
    parser.add_argument("--base-url", help="as in mapgen --base-url")
    parser.add_argument("--prompts", type=Path, default=builtin_folder(), help="the prompt set to be tried")
    parser.add_argument("--concepts", type=int, default=3, help="concepts of each map (default 3, the fewest)")
    parser.add_argument("--arms", nargs="+", choices=ARMS, default=list(ARMS))
    parser.add_argument("--limit", type=int, help="take the first attacks only")
    parser.add_argument("--report", action="store_true", help="ask nothing, write the page")
    parser.add_argument("--runs", type=Path, default=RUNS, help="where the answers are kept")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the page is written")
    options = parser.parse_args(arguments)
    shipped = PromptSet(options.prompts)
    named = {"model": options.model, "base_url": options.base_url}
    async with Session(deadline=MONTH, cache=False, **{key: value for key, value in named.items() if value}) as session:
        setup = await run(session, shipped, options)
    write(setup, shipped, options)


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except MapgenError as failed:
        sys.exit(f"{failed.message} {failed.hint}")

"""What the evaluation's runner adds to a map: 200 maps of a script by the runner, and the same by the bare pipeline.

Recording, counting, writing and syncing are the runner's; planning, scoring and starting are not measured here.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path

from measure import ROOT, Figure

sys.path.insert(0, str(ROOT))
MAPS, TIMES, BOUND = 200, 3, 5.0
QUERY = "How do interest rates affect inflation and oil prices?"


def figures() -> list[Figure]:
    """The row: milliseconds that the runner adds to a map, and what the bare pipeline takes for one."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_figures(Path(folder)))


async def _figures(folder: Path) -> list[Figure]:
    bench = _bench(folder)
    bare, whole = [], []
    for time_ in range(TIMES):
        bare.append(await _bare(bench))
        whole.append(await _run(bench, folder / f"run-{time_}.jsonl"))
    one, with_runner = (1_000 * min(took) / MAPS for took in (bare, whole))
    return [
        Figure("what the runner adds to a map", with_runner - one, "ms", BOUND, one, "the bare pipeline's map"),
        Figure("a map by the runner, of a script", with_runner, "ms", None, one, "the bare pipeline's map"),
    ]


def _bench(folder: Path):  # type: ignore[no-untyped-def]
    from mapgen.evaluation.bench import Bench
    from tests.servers.maps import script

    told = script(5)
    (folder / "script.json").write_text(json.dumps(told), encoding="utf-8")
    cases = "\n".join(f"  - {{id: case-{n}, query: '{QUERY} {n}'}}" for n in range(MAPS))
    suite = folder / "many.yaml"
    suite.write_text(f"name: many\ndescription: Many cases.\nprimary: [clean]\ncases:\n{cases}\n", encoding="utf-8")
    return Bench.of(suite, {"model": f"scripted:{folder / 'script.json'}", "cache": False})


async def _bare(bench) -> float:  # type: ignore[no-untyped-def]
    from mapgen import pipeline
    from mapgen.llm.scripted import Scripted
    from mapgen.model import Query
    from mapgen.prompting import PromptSet

    model, prompts = Scripted.load(bench.asked["writer"].file), PromptSet(bench.folder)
    began = time.perf_counter()
    for case in bench.suite.cases:
        query = Query.of(case.query, language=case.language)
        map, *_ = await pipeline.run(query, llm=model, prompts=prompts, emit=lambda event: None)
        assert map.status == "complete", map.problems
    return time.perf_counter() - began


async def _run(bench, path: Path) -> float:  # type: ignore[no-untyped-def]
    from mapgen.evaluation import arms, runner
    from mapgen.session import Session

    with tempfile.TemporaryDirectory() as copied:
        arm = bench.arm(arms.of_folder(bench.folder), Path(copied), out=path)
        async with Session(settings=bench.settings, asked=bench.asked) as session:
            began = time.perf_counter()
            done = await runner.run(arm, bench, session=session, watch=lambda event: None)
            took = time.perf_counter() - began
    assert len(done.records) == MAPS
    return took


if __name__ == "__main__":
    for figure in figures():
        print(figure.row())

"""How long the check of a map takes, and all deterministic metrics on 40, after start: rules and embeddings are loaded.

The maps are as long as real ones and all different: sentences of the test suite's good maps, dealt out anew.
"""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import cycle, islice
from random import Random

from measure import Figure

from mapgen.evaluation.metrics import METRICS, Arm, Sample, score_all
from mapgen.model import Concept, KnowledgeMap
from mapgen.rules.sentences import sentences
from mapgen.steps.check import check

MAPS, CONCEPTS, BOUND, TIMES = 40, 6, 3.0, 5
MOST, CHECKED = 12, 0.02  # concepts of a full map, and seconds in which it is checked


def figures() -> list[Figure]:
    """The rows: checking and scoring maps that no cache has seen, the slowest metric, and scoring the same again."""
    score_all(_arm(Random(0)))
    checked = min(_checking(_arm(Random(-seed), concepts=MOST)) for seed in range(1, TIMES + 1))
    fresh, slowest = [], ("", 0.0)
    for seed in range(1, TIMES + 1):
        arm = _arm(Random(seed))
        took = {id: _seconds(arm, [id]) for id in METRICS}
        fresh.append(sum(took.values()))
        slowest = max(slowest, max(took.items(), key=lambda one: one[1]), key=lambda one: one[1])
    again = min(_seconds(arm, list(METRICS)) for _ in range(TIMES))
    what = f"all deterministic metrics on {MAPS} maps of {CONCEPTS} concepts"
    return [
        Figure(f"check of a map of {MOST} concepts, on average of {MAPS}", checked, "s", CHECKED),
        Figure(what, min(fresh), "s", BOUND),
        Figure(f"the slowest of them, `{slowest[0]}`", slowest[1], "s"),
        Figure(f"{what}, scored before", again, "s"),
    ]


def _checking(arm: Arm) -> float:
    """Seconds for each of these maps."""
    began = time.perf_counter()
    for one in arm.samples:
        assert one.map is not None
        check(one.map)
    return (time.perf_counter() - began) / len(arm.samples)


def _seconds(arm: Arm, metrics: list[str]) -> float:
    began = time.perf_counter()
    score_all(arm, metrics)
    return time.perf_counter() - began


def _arm(random: Random, *, concepts: int = CONCEPTS) -> Arm:
    """Maps of the good maps' sentences, with some words made new so that no text was seen before."""
    from tests.evaluation.maps import good

    written = [one for one in good().samples if one.map]
    samples = []
    for at in range(MAPS):
        like = written[at % len(written)]
        case = replace(like.case, id=f"case-{at}", cluster=f"topic-{at}", query=f"{like.case.query} Case {at}.")
        samples.append(Sample(case=case, repeat=0, map=_dealt(like.map, random, concepts=concepts)))
    return Arm(samples=tuple(samples))


def _dealt(like: KnowledgeMap | None, random: Random, *, concepts: int) -> KnowledgeMap:
    assert like is not None
    said = [sentence for one in like.concepts for sentence in sentences(one.relevance)]
    made = [
        Concept(
            id=f"{one.id}-{at}",
            name=f"{one.name} {_word(random)}",
            definition=_new(one.definition, random),
            relevance=_new(" ".join(random.sample(said, 3)), random),
            rank=at + 1,
        )
        for at, one in enumerate(islice(cycle(like.concepts), concepts))
    ]
    of = dict(zip((one.id for one in like.concepts), (one.id for one in made), strict=False))
    edges = tuple(
        one.model_copy(
            update={"source": of[one.source], "target": of[one.target], "explanation": _new(one.explanation, random)}
        )
        for one in like.relations
    )
    return like.model_copy(update={"concepts": tuple(made), "relations": edges})


def _new(text: str, random: Random) -> str:
    words = text.split()
    for _ in range(4):
        words.insert(random.randrange(1, len(words)), _word(random))
    return " ".join(words)


def _word(random: Random) -> str:
    return "".join(random.choices("abcdefghilmnoprstu", k=7))


if __name__ == "__main__":
    import sys
    from pathlib import Path

    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    for row in figures():
        print(row.row())

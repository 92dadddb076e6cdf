"""The blind comparison of definitions: how they are drawn, what who judges sees, and the rates; no model is asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.definitions import blind
from evals.definitions.blind import Origin, draw, told
from mapgen.errors import InputError, ReadError
from mapgen.evaluation import runfile
from mapgen.evaluation.records import Record, Run
from mapgen.model import Citation, KnowledgeMap
from tests.evaluation.compared import head
from tests.scripts import good_map


def run_of(*maps: KnowledgeMap) -> Run:
    """A run with a case for each map."""
    records = tuple(Record(case=f"case-{at}", map=map) for at, map in enumerate(maps))
    return Run(head=head("a run", "Write.", prompts="0123456789ab"), records=records)


def sourced(map: KnowledgeMap) -> KnowledgeMap:
    """The same, with a citation below its first definition."""
    first, *rest = map.concepts
    cited = first.model_copy(update={"citations": (Citation(source="s", quote="is a rate", of="definition"),)})
    return map.model_copy(update={"concepts": (cited, *rest)})


def test_pairs_are_of_one_query_and_of_one_concept_where_both_maps_have_it() -> None:
    without, with_ = run_of(good_map(), good_map()), run_of(sourced(good_map()), sourced(good_map()))
    drawn, key = draw(without, with_, pairs=6)
    assert [one.id for one in drawn] == list(key) == [f"d{at:03}" for at in range(1, 13)]
    assert sorted((origin.pair, origin.arm) for origin in key.values()) == sorted(
        (pair, arm) for pair in range(6) for arm in ("with", "without")
    )
    names: dict[int, set[str]] = {}
    for one in drawn:
        names.setdefault(key[one.id].pair, set()).add(one.name)
    assert all(len(both) == 1 for both in names.values())
    first = good_map().concepts[0].name
    assert {one.name for one in drawn if key[one.id].sourced} <= {first}


def test_the_drawing_is_the_same_each_time_and_hides_its_order() -> None:
    runs = run_of(good_map()), run_of(sourced(good_map()))
    assert draw(*runs, pairs=3) == draw(*runs, pairs=3)
    arms = [origin.arm for origin in draw(*runs, pairs=3)[1].values()]
    assert arms != ["without", "with"] * 3
    assert set(json.loads(draw(*runs, pairs=1)[0][0].model_dump_json())) == {"id", "query", "name", "definition"}


def test_rates_and_the_test_are_of_what_was_judged() -> None:
    key = {
        f"d{pair}{arm}": Origin.model_validate({"arm": arm, "pair": pair, "sourced": arm == "with" and pair < 3})
        for pair in range(6)
        for arm in ("without", "with")
    }
    judged = {id: "right" if origin.arm == "with" else "wrong" for id, origin in key.items()}
    judged["d5with"] = "unclear"
    page = told(key, judged)  # type: ignore[arg-type]
    assert "| without sources | 0/6 = 0% [0%, 46%] | 6/6 = 100% [54%, 100%] | 0/6 = 0% [0%, 46%] |" in page
    assert "| with sources, those that cite one | 3/3 = 100% [29%, 100%] |" in page
    assert "| without sources, those in the same pairs | " in page
    assert (
        "Of 6 pairs, 5 are right only with sources and 0 only without (exact McNemar test, two-sided: p = 0.062)."
        in page
    )
    with pytest.raises(InputError, match="11 definitions have no verdict"):
        told(key, {"d0with": "right"})


def test_it_runs_from_two_runs_to_the_page(tmp_path: Path) -> None:
    runfile.save(run_of(good_map()), tmp_path / "without.jsonl")
    runfile.save(run_of(sourced(good_map())), tmp_path / "with.jsonl.gz")
    place = ["--folder", str(tmp_path)]
    blind.main([*place, "--pairs", "2", "draw", str(tmp_path / "without.jsonl"), str(tmp_path / "with.jsonl.gz")])
    ids = [json.loads(line)["id"] for line in (tmp_path / "definitions.jsonl").read_text().splitlines()]
    lines = (json.dumps({"id": id, "verdict": "right", "why": "So it is."}) for id in ids)
    with pytest.raises(ReadError, match="judged"):
        blind.main([*place, "tell"])
    (tmp_path / "judged.jsonl").write_text('{"id": "d001"}')
    with pytest.raises(InputError, match="not as it should be"):
        blind.main([*place, "tell"])
    (tmp_path / "judged.jsonl").write_text("\n".join(lines))
    blind.main([*place, "tell"])
    assert "| with sources | 2/2 = 100%" in (tmp_path / "RESULTS.md").read_text()
    with pytest.raises(SystemExit):
        blind.main([*place, "draw", "one.jsonl"])

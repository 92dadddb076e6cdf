"""Template mutants are measured through the door of comparisons, against a server that answers badly when told to."""

from __future__ import annotations

from pathlib import Path

import pytest

from mapgen.errors import InputError
from mapgen.evaluation.metaprompts import PromptRow, chosen, measure_prompts, table
from mapgen.evaluation.mutants import TEMPLATES, TemplateMutant
from tests.evaluation.trials import careless, hosted, prompts, suite
from tests.servers.threaded import serving

CARELESS = TemplateMutant(
    "careless", "asks for careless work", lambda text: text.replace("system %}", "system %}\nWrite it carelessly.", 1)
)
NOTHING = TemplateMutant("nothing", "finds nothing", lambda text: text.replace("no such words", ""))


async def test_a_harmful_mutant_is_called_worse_and_a_harmless_one_asks_nothing(tmp_path: Path) -> None:
    path, folder, began = suite(tmp_path), prompts(tmp_path), []
    tried = (CARELESS, NOTHING, *chosen(("comment", "blocks-spaced", "loop-renamed")))
    with serving(good=careless) as server:
        options = hosted(server, tmp_path)
        rows = await measure_prompts(path, folder, mutants=tried, progress=began.append, **options)
    spoilt, nothing, *harmless = rows
    assert began == [one.id for one in tried]
    assert {"one_sentence", "clean"} <= set(spoilt.worse)
    assert spoilt.right
    assert spoilt.asked > 0
    assert not nothing.applied
    assert [(row.asked, row.worse, row.better, row.right) for row in harmless] == [(0, (), (), True)] * 3
    assert [row.same for row in harmless] == [True, True, False]
    assert "4 of 4 are as they should be. These find nothing to change in the prompts: `nothing`." in table(rows)


def row(**more: object) -> PromptRow:
    return PromptRow.model_validate({"mutant": "m", "does": "it does", "harmless": False, **more})


def test_what_is_as_it_should_be() -> None:
    assert row(worse=("clean",)).right
    assert not row(unclear=("clean",), asked=9).right
    assert row(harmless=True).right
    for wrong in ({"asked": 1}, {"worse": ("clean",)}, {"better": ("clean",)}, {"unclear": ("clean",)}):
        assert not row(harmless=True, **wrong).right


def test_the_table_has_a_line_for_each_mutant() -> None:
    text = table([row(worse=("clean",), asked=1200), row(harmless=True), row(applied=False)])
    assert text.splitlines()[2:5] == [
        "| `m` | it does | 1,200 | `clean` |  |  | yes |",
        "| `m` (harmless) | it does | 0 |  |  |  | yes |",
        "| `m` | it does | 0 |  |  |  | not tried |",
    ]


def test_mutants_are_chosen_by_id() -> None:
    assert chosen(()) == TEMPLATES
    assert [one.id for one in chosen(["comment"])] == ["comment"]
    with pytest.raises(InputError, match="no template mutant 'x'"):
        chosen(["x"])

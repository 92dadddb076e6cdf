"""The maps that canaries are made of: good ones, written by hand, that came with mapgen; or maps that a user names.

Canaries on maps of known quality try the judge, and not the maps. It knows files, and no canary.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from mapgen.errors import InputError, ReadError
from mapgen.evaluation import runfile
from mapgen.evaluation.metrics.base import Sample
from mapgen.evaluation.suite import Case, find, fingerprint, load
from mapgen.files import read_text
from mapgen.model import KnowledgeMap
from mapgen.text import unique_slugs

COUNT = 6  # maps that a judge is tried on
FEWEST = 3
_LIMIT = 20_000_000
_MAPS = TypeAdapter(tuple[KnowledgeMap, ...])


def folder() -> Path:
    """Where the judge's prompts and the maps for its canaries are: in the wheel, else in the checkout."""
    here = Path(__file__).resolve().parent
    return here / "prompts" if (here / "prompts").is_dir() else here.parents[2] / "evals" / "judge"


def shipped() -> tuple[Sample, ...]:
    """The maps that came with mapgen, all of different topics."""
    text = read_text(folder() / "maps.json", limit=_LIMIT)
    return tuple(map(_sample, _MAPS.validate_json(text)))


def of_place(place: Path) -> tuple[Sample, ...]:
    """The usable maps of a run's file, or of a folder of saved maps; at least three of different topics.

    Raises ReadError, InputError.
    """
    found = _of_folder(place) if place.is_dir() else of_run(place)
    apart = {one.case.cluster: one for one in reversed(found)}
    if len(apart) < FEWEST:
        raise InputError(
            f"{place} holds usable maps of {len(apart)} topics.", hint=f"Canaries need {FEWEST} topics at least."
        )
    return tuple(reversed(apart.values()))


def of_run(path: Path) -> tuple[Sample, ...]:
    """The usable maps of a run's file, in its order. Raises ReadError, InputError."""
    run = runfile.load(path)
    cases = _cases(runfile.suite_of(path, run.head.suite) or run.head.suite, run.head.suite_fingerprint)
    return tuple(
        Sample(cases[one.case], one.repeat, one.map, one.passages)
        if one.case in cases
        else _sample(one.map, id=one.case)
        for one in run.records
        if one.map is not None
    )


def _of_folder(place: Path) -> tuple[Sample, ...]:
    files = sorted(place.glob("*.json"))
    if not files:
        raise ReadError(f"There are no maps (*.json) in {place}.", hint="Name a folder of saved maps, or a run's file.")
    names = unique_slugs(tuple(file.stem for file in files))
    return tuple(_sample(KnowledgeMap.load(file), id=id) for file, id in zip(files, names, strict=True))


def _cases(suite: str | Path, version: str) -> dict[str, Case]:
    """The cases of the suite, by id, where it is at hand in that version: they know which queries are of one topic."""
    try:
        found = load(find(suite))
    except (InputError, ReadError):
        return {}
    return {case.id: case for case in found.cases} if fingerprint(found) == version else {}


def _sample(map: KnowledgeMap, *, id: str = "") -> Sample:
    (name,) = unique_slugs((id or map.title,))
    try:
        return Sample(Case(id=name, query=map.query, language=map.language), 0, map)
    except ValidationError as error:
        raise InputError(f"The map {name!r} has no usable query.", hint="`mapgen check` looks at a map.") from error

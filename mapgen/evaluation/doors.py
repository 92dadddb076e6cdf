"""The doors of the evaluation: run a suite, compare two prompt sets, measure the spread; as functions.

Each opens a bench and a session, tells the plan before the first call, runs what is missing and hands back a value.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, Unpack

from mapgen.doors import synchronously
from mapgen.evaluation import arms, comparing, planning, runfile, runner, scoring, spreads
from mapgen.evaluation.bench import Arm, Bench
from mapgen.evaluation.comparison import Comparison
from mapgen.evaluation.judge import Judged
from mapgen.evaluation.judge.door import Judgements
from mapgen.evaluation.measures import Measures
from mapgen.evaluation.panel import Panel, beside
from mapgen.evaluation.planning import Plan
from mapgen.evaluation.records import Run
from mapgen.evaluation.spreads import Spreads
from mapgen.evaluation.suite import Suite, find, fingerprint, load
from mapgen.events import Event
from mapgen.files import make_folder_of, write_atomic
from mapgen.llm.limited import Budget
from mapgen.model import Value
from mapgen.session import Session
from mapgen.settings import Options
from mapgen.text import slug


class Warned(Value):
    """Something went wrong that does not stop a run."""

    kind: Literal["warned"] = "warned"
    message: str


Watch = Callable[[Plan | runner.Finished | Judgements | Warned | Event], None]
_OWN = ("repeats", "limit", "replay", "flags")


class EvalOptions(Options, total=False):
    """The settings of a run, and what of the suite is run.

    ``repeats`` of every case, the first ``limit`` cases only, ``replay``: recorded answers and no model. ``out`` is
    the run's file, ``record`` a packed copy of it. ``flags``: errors name options as command-line flags. ``judged``
    are the ids of the metrics that the ``judge`` of a comparison is asked for, all by default. ``sources`` are those
    that the maps stand on: without them there are none, whatever is installed, or set in the environment or the config
    file (a note tells that such are left out).
    """

    repeats: int
    limit: int | None
    replay: bool
    out: str | Path | None
    record: str | Path | None
    judged: Sequence[str]
    flags: bool


@dataclass(frozen=True)
class Outcome:
    """A run, and the file that it is in."""

    run: Run
    path: Path


def run(suite: str | Path, *, watch: Watch | None = None, **options: Unpack[EvalOptions]) -> Run:
    """The run of a suite (a name or a file) by the prompts in use; the same call resumes one that was interrupted.

    ``watch`` is told the plan, then every map as it is finished. Usable inside a running event loop. Raises
    MapgenError; what was made until then is kept.
    """
    return synchronously(arun(suite, watch=watch, **options)).run


def compare(
    suite: str | Path,
    *,
    base: str | Path | None = None,
    strict: bool = False,
    watch: Watch | None = None,
    **options: Unpack[EvalOptions],
) -> Comparison:
    """Are the prompts in use better than ``base``: git:REVISION of their folder (default git:HEAD), a folder, a run?

    ``strict`` makes unclear metrics fail, in the exit code. A ``judge`` that is named is asked about both arms, and
    gates beside the suite's metrics as far as its canaries trust it. ``sources`` are those of every arm that is made
    now; a stored run has its own, or none, and what it lacks is never made. Otherwise as run. Raises NotComparable,
    MapgenError.
    """
    return synchronously(acompare(suite, base=base, strict=strict, watch=watch, **options))


async def arun(suite: str | Path, *, watch: Watch | None = None, **options: Unpack[EvalOptions]) -> Outcome:
    """As run, to be awaited, with the file of the run."""
    bench, out = _opened(suite, options)
    _tell_notes(bench, watch)
    with tempfile.TemporaryDirectory(prefix="mapgen-") as folder:
        arm = bench.arm(arms.of_folder(bench.folder), Path(folder), out=out)
        (done,), _ = await _runs(bench, (arm,), watch=watch)
    if record := options.get("record"):
        runfile.save(done, Path(record))
    return Outcome(done, arm.path)


async def acompare(
    suite: str | Path,
    *,
    base: str | Path | None = None,
    strict: bool = False,
    watch: Watch | None = None,
    **options: Unpack[EvalOptions],
) -> Comparison:
    """As compare, to be awaited."""
    bench, out = _opened(suite, options)
    _tell_notes(bench, watch)
    panel = _panel(bench, options, watch=watch)
    new_source, base_source = arms.of_folder(bench.folder), arms.found(base, bench.folder)
    if base_source.label == new_source.label:
        base_source = replace(base_source, label=f"{base_source.label} (base)")
    judged: Judged | None = None
    with tempfile.TemporaryDirectory(prefix="mapgen-") as folder:
        new = bench.arm(new_source, Path(folder) / "new", out=out)
        old = bench.arm(base_source, Path(folder) / "base")
        comparing.check_comparable(old.run(), new.run())
        if old.head.sources == new.head.sources and old.prompts.renders_as(new.prompts):
            found = _same(bench, old, new=new)
        else:
            runs, budget = await _runs(bench, (old, new), watch=watch, panel=panel)
            if panel is not None:
                judged = await panel.judged(bench.suite, runs, budget=budget, warn=_warner(watch), watch=_told(watch))
            measures, wanted = Measures(judged=judged), len(bench.wanted)
            found = comparing.assess(bench.suite, runs[0], new=runs[1], wanted=wanted, strict=strict, measures=measures)
    told = found.model_copy(update={"diff": arms.diff(base_source, new_source), **_files(old, new)})
    _save(told, judged, folder=bench.kept("runs"))
    return told


def measure(suite: str | Path, *, watch: Watch | None = None, **options: Unpack[EvalOptions]) -> Spreads:
    """The spread of every metric between two repeats of the same prompts (A/A), which is also kept for later plans.

    Raises as run.
    """
    return synchronously(ameasure(suite, watch=watch, **options))[0]


async def ameasure(
    suite: str | Path, *, watch: Watch | None = None, **options: Unpack[EvalOptions]
) -> tuple[Spreads, Comparison, Path]:
    """As measure, to be awaited, with the comparison that shows the spreads and the file where they are kept."""
    options["repeats"] = 2
    bench, _ = _opened(suite, options)
    outcome = await arun(suite, watch=watch, **options)
    comparison = spreads.compared(bench.suite, outcome.run, wanted=len(bench.cases))
    found, path = Spreads.of(comparison), spreads.place(bench.path, bench.suite.name)
    spreads.save(found, path)
    return found, comparison, path


def stored(path: Path, run: Run, *, suite: Path | None = None) -> Suite:
    """The suite of a stored run: the one named, else that of the run's own name, beside its folder or wherever it is.

    Raises NotComparable where it is another version of it; InputError, ReadError.
    """
    name = run.head.suite
    found = load(find(suite or runfile.suite_of(path, name) or name))
    if fingerprint(found) != run.head.suite_fingerprint:
        raise comparing.NotComparable(
            f"{path} is a run of another version of the suite {name}.", hint="Name that one with --suite."
        )
    return found


async def _runs(
    bench: Bench, prepared: tuple[Arm, ...], *, watch: Watch | None, panel: Panel | None = None
) -> tuple[list[Run], Budget]:
    """The runs of some arms, one after the other, so that what they share is asked once, and the budget that is left.

    The plan is told first, the judge's part in it, too.
    """
    told = _told(watch)
    runs: list[Run] = []
    judge = panel.plan(len(bench.wanted), len(bench.cases)) if panel else None
    async with Session(settings=bench.settings, asked=bench.asked, warn=_warner(watch)) as session:
        told(await planning.plan(bench, session, arms=prepared, judge=judge, watch=told))
        for arm in prepared:
            answers = {key: text for run in runs for key, text in run.answers.items()}
            seeded = replace(arm, seeds={**arm.seeds, **answers})
            runs.append(await runner.run(seeded, bench, session=session, watch=told))
    return runs, session.budget


def _panel(bench: Bench, options: EvalOptions, *, watch: Watch | None) -> Panel | None:
    """The judge that is to be asked; a replay asks nobody, and says so."""
    found = Panel.of(bench.settings, options.get("judged", ()))
    if found is not None and bench.replay:
        _told(watch)(Warned(message="A replay asks no model, so the judge is left out."))
        return None
    return found


def _opened(suite: str | Path, options: EvalOptions) -> tuple[Bench, Path | None]:
    """The bench, and the run's file where one is named; what could not be written later is refused now."""
    own = EvalOptions.__annotations__.keys() - Options.__annotations__.keys()
    settings = {name: value for name, value in options.items() if name not in own}
    chosen: dict[str, Any] = {name: options[name] for name in _OWN if name in options}  # type: ignore[literal-required]
    bench = Bench.of(suite, settings, **chosen)
    scoring.check_primary(bench.suite)
    out, record = options.get("out"), options.get("record")
    if out is not None:
        runfile.check_name(Path(out))
    if record is not None:
        runfile.check_packed(Path(record))
    return bench, None if out is None else Path(out)


def _same(bench: Bench, old: Arm, *, new: Arm) -> Comparison:
    """The comparison of prompt sets that render the same; a finished run of either is that of both."""
    there = next((arm.run() for arm in (old, new) if arm.known and not arm.missing), None)
    if there is None:
        return comparing.same(bench.suite, old.run(), new=new.run())
    runs = [there.model_copy(update={"head": arm.head}) for arm in (old, new)]
    found = comparing.assess(bench.suite, runs[0], new=runs[1], wanted=len(bench.wanted))
    return found.model_copy(update={"same": True, "notes": (comparing.SAME, *found.notes)})


def _files(old: Arm, new: Arm) -> dict[str, str]:
    """The files of both runs, as far as there are any."""
    paths = {"base_run": old.path, "new_run": new.path}
    return {name: str(path) for name, path in paths.items() if path.is_file()}


def _save(comparison: Comparison, judged: Judged | None, *, folder: Path) -> None:
    path = place(comparison, folder)
    make_folder_of(path)
    write_atomic(path, comparison.to_json())
    if judged is not None:
        judged.save(beside(path))


def place(comparison: Comparison, folder: Path) -> Path:
    """The file in ``folder`` where a comparison is kept; with sources it is another than without them."""
    new, base = comparison.new, comparison.base
    told = [base.prompts, new.prompts]
    if base.sources or new.sources:
        told += [base.identity()[:6], new.identity()[:6]]
    return folder / f"{new.suite}-{slug(new.model, limit=30)}-{'-'.join(told)}.comparison.json"


def _tell_notes(bench: Bench, watch: Watch | None) -> None:
    warn = _warner(watch)
    for note in bench.notes:
        warn(note)


def _told(watch: Watch | None) -> Watch:
    return watch or _ignored


def _warner(watch: Watch | None) -> Callable[[str], None]:
    """What is told of what does not stop a run: the watcher, else Python's warnings."""
    if watch is None:
        return lambda message: warnings.warn(message, stacklevel=3)
    return lambda message: watch(Warned(message=message))


def _ignored(event: object) -> None:
    pass

"""What a command works with, resolved: the suite, the settings, the models' endpoints, the runs that are there.

It prepares arms, which runner.py runs: what is finished already, and which answers are at hand. It asks nothing.
Sources are only those that the command is given: what is installed, or set elsewhere, must not change a result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, get_args

from mapgen.errors import InputError
from mapgen.evaluation import runfile
from mapgen.evaluation.answers import NotRecorded
from mapgen.evaluation.arms import Source
from mapgen.evaluation.records import Asked, Head, Key, Record, Run
from mapgen.evaluation.suite import Suite, find, fingerprint, load
from mapgen.llm.base import Endpoint
from mapgen.llm.cached import Answers
from mapgen.llm.endpoints import endpoints
from mapgen.prompting import PromptSet, Role, builtin_folder
from mapgen.session import Session
from mapgen.settings import Resolved, Settings, resolve
from mapgen.text import slug
from mapgen.version import __version__

SEEDS = 12  # runs whose answers are at hand, the latest ones
UNHURRIED = 30 * 86_400.0  # seconds: without a --deadline, a run or a judge takes as long as it takes
Kind = Literal["runs", "baselines", "replays"]


@dataclass(frozen=True, kw_only=True)
class Arm:
    """One arm, ready to be run: ``known`` are its finished maps, ``seeds`` the answers at hand, ``path`` its file.

    ``wanted`` names the maps that it shall have; ``stored``: it is a run as it is, and nothing is made for it.
    """

    head: Head
    prompts: PromptSet
    wanted: tuple[Key, ...]
    known: Mapping[Key, Record]
    seeds: Mapping[str, str]
    path: Path
    stored: bool = False

    @property
    def missing(self) -> tuple[Key, ...]:
        """The maps that are still to be made."""
        return () if self.stored else tuple(key for key in self.wanted if key not in self.known)

    def run(self, records: Mapping[Key, Record] | None = None) -> Run:
        """The arm's run of what is known, for which nothing is asked now, and of ``records``."""
        known = {key: record.model_copy(update={"asked": 0}) for key, record in self.known.items()}
        both = {**known, **(records or {})}
        return Run.of(self.head, [both[key] for key in self.wanted if key in both])


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A suite at work. ``limit`` takes the first cases only; ``replay`` allows recorded answers and no model.

    ``notes`` are sentences about settings that are not followed.
    """

    suite: Suite
    path: Path
    settings: Settings
    asked: Mapping[Role, Endpoint]
    repeats: int = 1
    limit: int | None = None
    replay: bool = False
    notes: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        suite: str | Path,
        options: Mapping[str, Any],
        *,
        repeats: int = 1,
        limit: int | None = None,
        replay: bool = False,
        flags: bool = False,
    ) -> Bench:
        """The bench of a suite's name or file; ``options`` are settings, and sources are only those among them.

        Raises InputError, ReadError, ConfigError.
        """
        if repeats < 1 or (limit is not None and limit < 1):
            raise InputError("Repeats and limit are at least 1.", hint="Leave --limit out to take every case.")
        path = find(suite)
        loaded, resolved = load(path), resolve(options, flags=flags)
        settings, notes = _grounded(resolved, given=options.get("sources") is not None, flags=flags)
        if "deadline" not in resolved.origins:
            settings = settings.model_copy(update={"deadline": UNHURRIED})
        asked = _recorded(loaded, path, settings=settings) if replay else endpoints(settings)
        bench = cls(
            suite=loaded, path=path, settings=settings, asked=asked, repeats=repeats, limit=limit, replay=replay
        )
        return replace(bench, notes=notes)

    @cached_property
    def fingerprint(self) -> str:
        """The fingerprint of the suite."""
        return fingerprint(self.suite)

    @property
    def folder(self) -> Path:
        """The folder of the prompts in use."""
        return self.settings.prompts or builtin_folder()

    @property
    def cases(self) -> tuple[str, ...]:
        """The ids of the cases that are run."""
        return tuple(case.id for case in self.suite.cases[: self.limit])

    @property
    def wanted(self) -> tuple[Key, ...]:
        """The maps that are wanted: every case once before any is repeated."""
        return tuple((case, repeat) for repeat in range(self.repeats) for case in self.cases)

    def kept(self, kind: Kind) -> Path:
        """The folder of that kind of runs."""
        return runfile.folder(self.path, kind)

    def store(self, session: Session) -> Answers | None:
        """The user's cache, where it may be used: not for a replay, nor for a script, whose file may change."""
        scripted = any(endpoint.kind == "scripted" for endpoint in self.asked.values())
        return None if self.replay or scripted else session.store

    def head(self, prompts: PromptSet, source: Source) -> Head:
        """The head of a run by that source's prompts."""
        planner, writer = self.asked["planner"], self.asked["writer"]
        keyless = {"api_key": None, "timeout": Endpoint.model_fields["timeout"].default}
        return Head(
            suite=self.suite.name,
            suite_fingerprint=self.fingerprint,
            prompts=prompts.fingerprint(),
            templates=dict(source.templates),
            model=writer.model,
            planner=planner.model,
            endpoint=writer.host,
            temperature=writer.temperature,
            mapgen=__version__,
            created=datetime.now(UTC).replace(microsecond=0),
            repeats=self.repeats,
            label=source.label,
            sources=self.settings.sources or (),
            asked={role: self.asked[role].model_copy(update=keyless) for role in get_args(Asked)},
        )

    def arm(self, source: Source, folder: Path, *, out: Path | None = None) -> Arm:
        """The arm of a source, whose prompts are laid out in ``folder``. Raises ConfigError, ReadError, InputError."""
        prompts = source.laid_out(folder)
        if source.run is not None:
            return self._stored(source, source.run, prompts=prompts)
        head = self.head(prompts, source)
        path = out or self._place(head)
        return Arm(
            head=head,
            prompts=prompts,
            wanted=self.wanted,
            known={} if self.replay else self._known(head, path),
            seeds=self._seeds(head),
            path=path,
        )

    def _stored(self, source: Source, run: Run, *, prompts: PromptSet) -> Arm:
        head = run.head.model_copy(update={"label": source.label})
        path = source.file or Path()
        known = {key: one for key, one in run.by_key.items() if key in set(self.wanted)}
        return Arm(
            head=head, prompts=prompts, wanted=self.wanted, known=known, seeds=run.answers, path=path, stored=True
        )

    def _place(self, head: Head) -> Path:
        name = f"{self.suite.name}-{slug(head.model, limit=30)}-{head.prompts}-{head.identity()[:6]}"
        return self.kept("runs") / f"{name}{'.replay' if self.replay else ''}.jsonl"

    def _known(self, head: Head, path: Path) -> dict[Key, Record]:
        """The finished maps of the same experiment, wherever they are; those of the run's own file come first."""
        there = [*runfile.heads(path), *runfile.heads(self.kept("baselines"), self.kept("runs"))]
        known: dict[Key, Record] = {}
        for file in dict.fromkeys(file for file, one in there if one.identity() == head.identity()):
            for key, record in runfile.load(file).by_key.items():
                if key in set(self.wanted) and not record.passing:
                    known.setdefault(key, record)
        return known

    def _seeds(self, head: Head) -> dict[str, str]:
        """The answers of runs of the same suite by the same models: whatever is asked the same is not asked again."""
        there = runfile.heads(*(self.kept(kind) for kind in get_args(Kind)))
        alike = [(one.created, file) for file, one in there if (one.suite, one.asked) == (head.suite, head.asked)]
        latest = sorted(alike)[-SEEDS:]
        return {key: text for _, file in latest for key, text in runfile.load(file).answers.items()}


def _grounded(resolved: Resolved, *, given: bool, flags: bool) -> tuple[Settings, tuple[str, ...]]:
    """The settings with the sources that the command is given, and a note where others are set but left out."""
    if given:
        return resolved.settings, ()
    by = "--source" if flags else "sources="
    note = f"{resolved.origins.get('sources')} is left out: an evaluation uses the sources of {by}, and no others."
    return resolved.settings.model_copy(update={"sources": ()}), (note,) if resolved.settings.sources else ()


def _recorded(suite: Suite, path: Path, *, settings: Settings) -> dict[Role, Endpoint]:
    """The endpoints of the latest recorded run of a suite, best one with those sources. Raises NotRecorded."""
    model, sources = settings.model, settings.sources or ()
    there = runfile.heads(*(runfile.folder(path, kind) for kind in ("runs", "baselines", "replays")))
    fitting = [one for _, one in there if one.suite == suite.name and one.asked and model in (None, one.model)]
    if not fitting:
        by = f" by {model}" if model else ""
        name = f"{runfile.folder(path, 'replays') / suite.name}.jsonl.gz"
        raise NotRecorded(
            f"No run of the suite {suite.name}{by} is recorded.", hint=f"mapgen eval run {path} --record {name}"
        )
    preferred = [one for one in fitting if one.suite_fingerprint == fingerprint(suite)] or fitting
    preferred = [one for one in preferred if one.sources == sources] or preferred
    return {role: preferred[-1].asked[role] for role in get_args(Asked)}

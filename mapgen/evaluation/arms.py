"""Where an arm's prompts come from: a folder, a git revision of it, or a stored run; read whole, before any work.

An arm works on a copy, so that edits during a run change nothing. It knows templates and git, and neither models
nor suites.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from mapgen.errors import ConfigError, InputError, MapgenError
from mapgen.evaluation import runfile
from mapgen.evaluation.records import Run, template_path
from mapgen.files import make_folder_of, read_text, write_atomic
from mapgen.prompting import PromptSet
from mapgen.settings import environment_but
from mapgen.text import clean, shorten

GIT = "git:"
_LIMIT = 1_000_000  # bytes of a template
_HOOKS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")  # set by git's hooks, for another folder
_OTHERWISE = "Name another base: --base DIR, a run's file, or git:REVISION."


@dataclass(frozen=True)
class Source:
    """A prompt set as text: its ``label`` for people, its templates by path, and the stored run that it came from."""

    label: str
    templates: Mapping[str, str]
    run: Run | None = None
    file: Path | None = None

    def laid_out(self, folder: Path) -> PromptSet:
        """The prompt set, written into an empty folder. Raises ConfigError where it holds no prompts; OutputError."""
        for name, text in self.templates.items():
            path = folder / name
            make_folder_of(path)
            write_atomic(path, text)
        prompts = PromptSet(folder)
        try:
            prompts.names()
        except ConfigError as error:
            raise ConfigError(f"{self.label} holds no prompts (*.j2).", hint=error.hint) from error
        return prompts


def found(base: str | Path | None, prompts: Path) -> Source:
    """The source that ``base`` names: git:REVISION of the folder ``prompts``, a folder, or a run's file.

    None is git:HEAD. Raises ConfigError, InputError, ReadError.
    """
    name = f"{GIT}HEAD" if base is None else str(base)
    if name.startswith(GIT):
        return of_git(name.removeprefix(GIT), prompts)
    if name.endswith(runfile.SUFFIXES):
        return of_run(Path(name))
    if Path(name).is_dir():
        return of_folder(Path(name))
    shown = shorten(clean(name), 80)
    hint = f"git:{shown} names a git revision; otherwise name a folder of prompts, or a run's file (.jsonl)."
    raise InputError(f"There is no folder {shown!r} to compare with.", hint=hint)


def of_folder(folder: Path) -> Source:
    """The prompts of a folder. Raises ConfigError, ReadError, InputError."""
    paths = PromptSet(folder).files()
    templates = {path.as_posix(): _plain(read_text(folder / path, limit=_LIMIT)) for path in paths}
    return _checked(Source(f"{folder.name or folder.resolve().name}/", templates), str(folder))


def of_run(path: Path) -> Source:
    """The prompts of a stored run. Raises ReadError, InputError."""
    run = runfile.load(path)
    return Source(path.name, run.head.templates, run=run, file=path)


def of_git(revision: str, folder: Path) -> Source:
    """The prompts of a folder, as they were committed in a revision. Raises ConfigError."""
    if not folder.is_dir():
        raise ConfigError(f"There is no folder {folder}.", hint="Name a folder of prompts: --prompts DIR.")
    inside = _git(folder, "rev-parse", "--show-prefix", failing=f"{folder} is not in a git work tree").decode().strip()
    unknown = f"git knows no revision {shorten(clean(revision), 60)!r} in {folder}"
    if revision.startswith("-"):
        raise ConfigError(f"{unknown}.", hint=_OTHERWISE)
    commit = _git(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", failing=unknown)
    tree = f"{commit.decode().strip()}:{inside.rstrip('/')}"
    absent = f"{inside or 'The folder'} is not in git's revision {revision}"
    listed = _git(folder, "ls-tree", "-r", "-z", "--full-tree", tree, failing=absent)
    templates = {
        name: _blob(folder, kind.split()[2], name=f"{revision}:{inside}{name}")
        for kind, _, name in (row.partition("\t") for row in listed.decode("utf-8", "replace").split("\0"))
        if name.endswith(".j2") and kind.startswith("100")
    }
    return _checked(Source(f"{GIT}{revision}", templates), f"{inside or 'the folder'} in git's revision {revision}")


def diff(base: Source, new: Source) -> str:
    """How the new templates differ from the base's, as a unified diff; empty where they do not."""
    lines: list[str] = []
    for name in sorted({*base.templates, *new.templates}):
        old, now = (one.templates.get(name, "").splitlines() for one in (base, new))
        lines += unified_diff(old, now, f"{base.label} {name}", f"{new.label} {name}", lineterm="")
    return "\n".join(lines)


def renamed(error: MapgenError, folder: Path, *, label: str) -> MapgenError:
    """The error with the arm's name in the place of the folder of its copy."""
    error.message = error.message.replace(str(folder), label)
    error.hint = error.hint.replace(str(folder), label)
    error.args = (error.message,)
    return error


def _checked(source: Source, name: str) -> Source:
    if not any("/" not in path for path in source.templates):
        raise ConfigError(f"{name} holds no prompts (*.j2).", hint="`mapgen prompts path` names a folder that does.")
    for path in source.templates:
        try:
            template_path(path)
        except ValueError as error:
            raise ConfigError(f"In {name}, {clean(str(error))}.", hint="Rename it, or take it out.") from error
    return source


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")


def _blob(folder: Path, object: str, *, name: str) -> str:
    data = _git(folder, "cat-file", "blob", object, failing=f"git cannot read {name}")
    try:
        return _plain(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ConfigError(f"{name} is not UTF-8 text.", hint="Save it as UTF-8 and commit it.") from error


def _git(folder: Path, *arguments: str, failing: str) -> bytes:
    """What git says. Raises ConfigError, which begins with ``failing`` and ends with git's own words."""
    try:
        command = ["git", "-C", str(folder), *arguments]
        done = subprocess.run(command, capture_output=True, check=False, env=environment_but(*_HOOKS))
    except OSError as error:
        raise ConfigError(
            f"git cannot be run: {error.strerror or error}.", hint=f"Install git. {_OTHERWISE}"
        ) from error
    if done.returncode:
        said = shorten(clean(done.stderr.decode("utf-8", "replace")).removeprefix("fatal: "), 200)
        raise ConfigError(f"{failing}{f' ({said})' if said else ''}.", hint=_OTHERWISE)
    return done.stdout

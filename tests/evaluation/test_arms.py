"""Where prompts come from: a folder, a git revision, a stored run; and clear words where they cannot be had."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mapgen.errors import ConfigError, InputError, MapgenError, OutputError, ReadError
from mapgen.evaluation import arms, runfile
from mapgen.evaluation.records import Run, line
from mapgen.prompting import PromptSet
from tests.evaluation.trials import comment, edit, git, head, prompts, repository


def test_a_folder_is_read_whole_and_laid_out_alike(tmp_path: Path) -> None:
    folder = prompts(tmp_path)
    source = arms.of_folder(folder)
    assert source.label == "prompts/"
    names = {"plan", "write", "relate", "repair", "partials/preamble", "partials/passages", "partials/sources"}
    assert set(source.templates) == {f"{name}.j2" for name in names}
    copy = source.laid_out(tmp_path / "copy")
    assert copy.fingerprint() == PromptSet(folder).fingerprint()
    edit(folder, "write")
    assert copy.fingerprint() != PromptSet(folder).fingerprint()


def test_git_gives_what_was_committed_whatever_was_edited_since(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    committed = PromptSet(folder).fingerprint()
    edit(folder, "write")
    (folder / "plan.j2").unlink()
    source = arms.found(None, folder)
    assert source.label == "git:HEAD"
    assert source.laid_out(tmp_path / "copy").fingerprint() == committed
    assert "+Write it carelessly." in arms.diff(source, arms.of_folder(folder))


def test_any_revision_may_be_named(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    first = PromptSet(folder).fingerprint()
    edit(folder, "write")
    git(tmp_path, "commit", "-qam", "two")
    git(tmp_path, "tag", "v2")
    assert arms.found("git:HEAD~1", folder).laid_out(tmp_path / "one").fingerprint() == first
    assert arms.found("git:v2", folder).laid_out(tmp_path / "two").fingerprint() == PromptSet(folder).fingerprint()


def test_the_folder_may_be_the_repository_itself_and_deep_in_one(tmp_path: Path) -> None:
    folder = prompts(tmp_path, "a ü")
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "one")
    assert arms.of_git("HEAD", folder).templates == arms.of_folder(folder).templates
    deep = prompts(tmp_path, "deep/er")
    git(tmp_path / "deep", "init", "-q")
    git(tmp_path / "deep", "add", "er")
    git(tmp_path / "deep", "commit", "-qm", "one")
    assert arms.of_git("HEAD", deep).templates == arms.of_folder(deep).templates


def test_a_hook_of_git_does_not_lead_astray(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = repository(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    assert arms.of_git("HEAD", Path("prompts")).templates == arms.of_folder(folder).templates


def test_lines_that_end_otherwise_are_the_same_prompts(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    for path in folder.rglob("*.j2"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert arms.of_folder(folder).templates == arms.of_git("HEAD", folder).templates


@pytest.mark.parametrize(
    ("revision", "words"),
    [
        ("nowhere", "git knows no revision 'nowhere'"),
        ("--help", "git knows no revision '--help'"),
        ("", "git knows no revision ''"),
        ("HEAD:prompts", "git knows no revision"),
        ("a\x1b[31mb", "git knows no revision 'ab'"),
    ],
)
def test_an_unknown_revision_is_said(tmp_path: Path, revision: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        arms.of_git(revision, repository(tmp_path))
    assert "--base DIR" in caught.value.hint


def test_a_folder_outside_of_git_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is not in a git work tree"):
        arms.found(None, prompts(tmp_path))
    with pytest.raises(ConfigError, match="There is no folder"):
        arms.found(None, tmp_path / "nowhere")


def test_a_folder_that_was_not_committed_is_said(tmp_path: Path) -> None:
    repository(tmp_path)
    with pytest.raises(ConfigError, match=r"mine/ is not in git's revision HEAD"):
        arms.found(None, prompts(tmp_path, "mine"))
    empty = tmp_path / "fresh"
    prompts(empty)
    git(empty, "init", "-q")
    with pytest.raises(ConfigError, match="git knows no revision 'HEAD'"):
        arms.found(None, empty / "prompts")


def test_a_machine_without_git_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = repository(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigError, match="git cannot be run") as caught:
        arms.found(None, folder)
    assert caught.value.hint.startswith("Install git.")


def test_a_link_in_git_is_no_template(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    os.symlink("/etc/passwd", folder / "leak.j2")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "link")
    assert "leak.j2" not in arms.of_git("HEAD", folder).templates


def test_a_stored_run_gives_its_templates(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    runfile.save(Run.of(head(), []), path)
    source = arms.found(path, tmp_path)
    assert (source.label, source.templates) == ("a.jsonl.gz", head().templates)
    assert source.run is not None
    assert (source.laid_out(tmp_path / "copy").folder / "partials" / "a.j2").is_file()


def test_a_stored_run_writes_nothing_outside_of_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(line(head()).replace("partials/a.j2", "../../x.j2") + "\n")
    with pytest.raises(InputError, match="is no run of an evaluation"):
        arms.found(path, tmp_path)


@pytest.mark.parametrize("name", ["a\\b.j2", "C:x.j2"])
def test_a_template_that_no_run_could_keep_is_said(tmp_path: Path, name: str) -> None:
    folder = repository(tmp_path)
    (folder / name).write_text("Say it.")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "odd")
    for base in ("git:HEAD", folder):
        with pytest.raises(ConfigError, match="is no path of a template"):
            arms.found(base, folder)


@pytest.mark.parametrize("names", [("a.j2", "a.j2/b.j2"), ("a.j2/b.j2", "a.j2"), ("x" * 300 + ".j2",)])
def test_templates_that_cannot_be_laid_out_are_said(tmp_path: Path, names: tuple[str, ...]) -> None:
    source = arms.Source("run.jsonl", {"plan.j2": "Plan.", **dict.fromkeys(names, "Say it.")})
    with pytest.raises(OutputError):
        source.laid_out(tmp_path / "copy")


@pytest.mark.parametrize(("base", "error"), [("nowhere", InputError), ("none.jsonl", ReadError), ("bare", ConfigError)])
def test_what_is_no_base_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, base: str, error: type[MapgenError]
) -> None:
    (tmp_path / "bare").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error) as caught:
        arms.found(base, tmp_path)
    assert caught.value.hint


def test_comments_alone_leave_what_is_rendered(tmp_path: Path) -> None:
    old, folder = PromptSet(prompts(tmp_path, "old")), prompts(tmp_path, "new")
    assert old.renders_as(PromptSet(folder))
    for prompt in ("plan", "write", "partials/preamble"):
        comment(folder, prompt)
    commented = PromptSet(folder)
    assert old.fingerprint() != commented.fingerprint()
    assert old.renders_as(commented)
    assert commented.renders_as(old)
    edit(folder, "write", "One word.")
    assert not old.renders_as(PromptSet(folder))
    (folder / "write.j2").write_text("{% block system %}")
    assert not old.renders_as(PromptSet(folder))
    assert not PromptSet(folder).renders_as(old)

"""The process: signals, pipes, closed streams, the locale; whatever happens, no traceback and the right code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.scripts import QUERY, good_map, script

Run = Any


def shell(command: str, folder: Path, **environ: str) -> subprocess.CompletedProcess[bytes]:
    """A command line in a shell; $MAPGEN is the program."""
    return subprocess.run(
        ["sh", "-c", command.replace("$MAPGEN", f'"{sys.executable}" -m mapgen')],
        capture_output=True,
        cwd=folder,
        timeout=60,
        check=False,
        env={**os.environ, **environ},
    )


def test_a_map_from_stdin_to_files_and_stdout(process: Run, tmp_path: Path) -> None:
    model = script(tmp_path)
    done = process("-", "--model", model, "--no-cache", "--format", "json", stdin=QUERY.encode())
    assert done.code == 0
    assert '"status": "complete"' in done.out
    assert "checked: no problems" in done.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--version",), 0),
        (("rendr",), 2),
        (("check", "map.json", "--concepts", "9"), 3),
        (("check", "map.json", "--concepts", "9", "--strict"), 65),
        (("check", "none.json"), 66),
        (("render", "map.json", "-o", "none/a.md"), 73),
        ((QUERY, "--model", "gpt-5-mini"), 78),
    ],
)
def test_exit_codes_are_the_process(process: Run, map_file: Path, arguments: tuple[str, ...], code: int) -> None:
    assert process(*arguments).code == code


def test_a_closed_pipe_is_quiet(tmp_path: Path, map_file: Path) -> None:
    done = shell("$MAPGEN schema | head -n 1; $MAPGEN render map.json --format html | head -c 1", tmp_path)
    assert done.stderr == b""
    assert done.stdout == b"{\n<"


def test_a_pipe_closed_before_anything_is_read_is_quiet(tmp_path: Path) -> None:
    done = shell("{ sleep 0.2; $MAPGEN schema; echo code $? >&2; } | :", tmp_path)
    assert done.stderr == b"code 0\n"


@pytest.mark.parametrize("stream", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_bug(tmp_path: Path, map_file: Path, stream: str) -> None:
    done = shell(f"$MAPGEN render map.json -o out.md {stream}", tmp_path)
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert (tmp_path / "out.md").read_text("utf-8") == good_map().to_markdown()
    assert shell(f"$MAPGEN --version {stream}", tmp_path).returncode == 0


def test_a_closed_stdin_is_an_empty_query(tmp_path: Path) -> None:
    done = shell("$MAPGEN - --model scripted:x <&-", tmp_path)
    assert done.returncode == 65
    assert b"The query is empty." in done.stderr


def test_a_stdin_that_cannot_be_read_is_66(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for command in ("- --model scripted:x", "render -"):
        done = shell(f"$MAPGEN {command} 0> file", tmp_path)
        assert (done.returncode, done.stderr.splitlines()[0]) == (
            66,
            b"mapgen: stdin cannot be read: Bad file descriptor.",
        )


def test_a_stdin_that_does_not_wait_is_waited_for(tmp_path: Path, map_file: Path) -> None:
    unblock = (
        "import os; os.set_blocking(0, False); os.execvp(os.sys.executable, [os.sys.executable, *os.sys.argv[1:]])"
    )
    line = f"{{ sleep 0.5; cat map.json; }} | '{sys.executable}' -c '{unblock}' -m mapgen render - --format json"
    assert shell(line, tmp_path).stdout.decode() == good_map().to_json()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_stdout_is_a_disk_error(tmp_path: Path, map_file: Path) -> None:
    for command in ("schema", "render map.json", "check map.json --json", "prompts show plan"):
        done = shell(f"$MAPGEN {command} > /dev/full", tmp_path)
        assert done.returncode == 74
        assert b"mapgen: The result could not be written: No space left on device." in done.stderr
        assert b"Traceback" not in done.stderr


def test_a_device_is_not_replaced_by_a_file(process: Run, map_file: Path) -> None:
    done = process("render", "map.json", "-o", "/dev/null", "--format", "md")
    assert done.code == 73
    assert not Path("/dev/null").is_file()


@pytest.mark.parametrize("environ", [{"LC_ALL": "C"}, {"LC_ALL": "POSIX"}, {"PYTHONIOENCODING": "iso8859-5"}])
def test_any_locale_prints_something(process: Run, tmp_path: Path, environ: dict[str, str]) -> None:
    good_map().model_copy(update={"title": "通貨 👩"}).save(tmp_path / "map.json")
    done = process("render", "map.json", "--format", "json", environ=environ)
    assert done.code == 0
    assert '"title": "' in done.out
    if "PYTHONIOENCODING" in environ:
        assert '"title": "?? ?"' in done.out


def test_arguments_that_are_no_text_are_a_query_all_the_same(tmp_path: Path) -> None:
    script(tmp_path)
    done = subprocess.run(
        [
            sys.executable.encode(),
            b"-m",
            b"mapgen",
            b"\xff\xferates",
            b"--dry-run",
            b"--model",
            b"scripted:script.json",
        ],
        capture_output=True,
        cwd=tmp_path,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_installed_program_is_the_module(process: Run) -> None:
    program = Path(sys.executable).with_name("mapgen")
    done = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == process("--version").out

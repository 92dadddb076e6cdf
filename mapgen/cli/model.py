"""`mapgen model pull|list|path|serve`: the embedded model's weights and engine.

It knows them only through local/.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from mapgen.errors import ReadError
from mapgen.local import KNOWN, QWEN_CODER_1_5B, Progress, Running, path, present, pull, serve
from mapgen.settings import resolve


@click.group("model")
def command() -> None:
    """Fetch, list, find or serve the embedded model.

    \b
    mapgen model pull
    mapgen model list
    mapgen model path
    mapgen model serve --port 8080
    """


@command.command("pull")
def pull_command() -> int:
    """Fetch the weights (1.1 GB) and verify them; an interrupted pull goes on where it stopped.

    \b
    mapgen model pull
    """
    settings = resolve().settings
    with _bar() as progress:
        found = pull(QWEN_CODER_1_5B, settings.models_dir, hub=settings.hub, progress=progress)
    click.echo(found)
    return 0


@command.command("list")
def list_command() -> int:
    """List the known models, and whether their weights are here.

    \b
    mapgen model list
    """
    folder = resolve().settings.models_dir
    for name, weights in KNOWN.items():
        here = "here" if present(weights, folder) else "not fetched"
        click.echo(f"{name}  {weights.size:,} bytes  {here}  {weights.repository}")
    for file in sorted(folder.glob("*.gguf")) if folder.is_dir() else []:
        if file.name not in {weights.filename for weights in KNOWN.values()}:
            click.echo(f"local:{file}  {file.stat().st_size:,} bytes  here")
    return 0


@command.command("path")
def path_command() -> int:
    """Print where the weights are; exit code 66 where they were not fetched yet.

    \b
    mapgen model path
    """
    folder = resolve().settings.models_dir
    place = path(QWEN_CODER_1_5B, folder)
    if not place.is_file():
        raise ReadError(f"The weights are not at {place} yet.", hint="`mapgen model pull` fetches them.")
    click.echo(place)
    return 0


@command.command("serve")
@click.argument("file", required=False, type=click.Path(readable=False, path_type=Path))
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port on the loopback interface; 0: a free one.")
@click.option("--key", default="", help="API key to ask for; otherwise a random one.")
def serve_command(file: Path | None, *, port: int, key: str) -> int:
    """Serve the embedded model, or the GGUF FILE, to this machine until interrupted.

    Prints the base URL and the key as lines for a shell to evaluate.

    \b
    mapgen model serve --port 8080
    """
    settings = resolve().settings
    if file is None:
        with _bar() as progress:
            file = pull(QWEN_CODER_1_5B, settings.models_dir, hub=settings.hub, progress=progress)
    serve(file, ready=_ready, port=port, api_key=key)
    return 0


def _ready(running: Running) -> None:
    click.echo(f"export MAPGEN_BASE_URL={running.base_url}")
    click.echo(f"export MAPGEN_API_KEY={running.api_key}")
    click.echo(f"export MAPGEN_MODEL={running.model}")
    sys.stdout.flush()
    click.echo("Serving; Ctrl-C ends it.", err=True)


@contextmanager
def _bar() -> Iterator[Progress]:
    """A progress bar in a terminal, a line for each tenth elsewhere."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("starting", total=None)

        def show(done: int, total: int, what: str) -> None:
            bar.update(task, description=what, completed=done, total=total)

        yield show


class _Lines:
    def __init__(self) -> None:
        self._said = ""

    def __call__(self, done: int, total: int, what: str) -> None:
        line = f"{what}: {done * 10 // total * 10 if total else 0} %"
        if line != self._said:
            self._said = line
            click.echo(line, err=True)

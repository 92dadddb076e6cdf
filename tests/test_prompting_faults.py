"""A prompt set of one's own that goes wrong while it is filled: a ConfigError that names the file, no traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from mapgen.errors import ConfigError
from mapgen.prompting import PromptSet

WHOLE = "{{% block system %}}{expression}{{% endblock %}}{{% block user %}}{{{{ query }}}}{{% endblock %}}"
BROKEN = {
    "a type": "{{ 1 + 'a' }}",
    "a division": "{{ 1 / 0 }}",
    "a range": "{{ range(10**12) }}",
    "a sandbox": "{{ ''.__class__.__mro__ }}",
    "an undefined name": "{{ nothing }}",
    "a missing partial": "{% include 'partials/none.j2' %}",
    "itself": "{% include 'own.j2' %}",
    "a partial that is no text": "{% include 'partials/binary.j2' %}",
    "a folder": "{% include 'partials' %}",
    "a filter": "{{ 'x' | nothing }}",
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_goes_wrong_while_filling_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "partials").mkdir()
    (tmp_path / "partials" / "binary.j2").write_bytes(b"\xff\xfe")
    (tmp_path / "own.j2").write_text(WHOLE.format(expression=BROKEN[name]))
    with pytest.raises(ConfigError, match="The prompt 'own'") as caught:
        PromptSet(tmp_path).render("own", {"query": "bread"})
    assert str(tmp_path) in f"{caught.value.message} {caught.value.hint}"

"""Settings: which place wins, what each value's origin is, and errors that name key, origin and mend."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mapgen.errors import ConfigError
from mapgen.session import Session
from mapgen.settings import Settings, config_file, quiet_tracing, resolve

SECRET = "sk-SECRET-0123456789"


def written(folder: Path, text: str) -> dict[str, str]:
    """A config file, and the environment that names it."""
    path = folder / "config.toml"
    path.write_text(text, "utf-8")
    return {"MAPGEN_CONFIG": str(path)}


def test_without_anything_there_are_defaults() -> None:
    resolved = resolve(environ={})
    assert resolved.settings == Settings()
    assert resolved.origins == {}
    assert resolved.settings.concurrency == 16
    assert resolved.settings.cache is True


def test_flags_win_over_own_variables_over_openais_over_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, 'base_url = "http://file/v1"\nmodel = "of-file"\nlanguage = "German"\n')
    openai = {"OPENAI_BASE_URL": "http://openai/v1", "OPENAI_API_KEY": SECRET}
    own = {"MAPGEN_BASE_URL": "http://own/v1/", "MAPGEN_CONCEPTS": "5"}
    chosen = []
    for environ, arguments in (
        (file, {}),
        (file | openai, {}),
        (file | openai | own, {}),
        (file | openai | own, {"base_url": "http://flag/v1"}),
    ):
        resolved = resolve(arguments, environ=environ, flags=True)
        chosen.append((resolved.settings.base_url, resolved.origins["base_url"]))
        assert resolved.settings.model == "of-file"
        assert resolved.settings.language == "de"
        assert resolved.origins["model"] == f"model in {tmp_path / 'config.toml'}"
    assert chosen == [
        ("http://file/v1", f"base_url in {tmp_path / 'config.toml'}"),
        ("http://openai/v1", "OPENAI_BASE_URL"),
        ("http://own/v1", "MAPGEN_BASE_URL"),
        ("http://flag/v1", "--base-url"),
    ]
    assert resolved.settings.concepts == 5
    assert resolved.origins["concepts"] == "MAPGEN_CONCEPTS"
    assert resolved.origins["api_key"] == "OPENAI_API_KEY"


def test_the_keys_of_every_place_are_ranked() -> None:
    both = {"MAPGEN_API_KEY": "own", "OPENAI_API_KEY": "openai"}
    key = resolve(environ=both).settings.api_key
    assert key is not None
    assert key.get_secret_value() == "own"
    assert resolve({"api_key": "given"}, environ=both).origins["api_key"] == "api_key"


def test_none_and_empty_are_not_given() -> None:
    resolved = resolve({"model": None}, environ={"MAPGEN_MODEL": "", "OPENAI_API_KEY": "", "MAPGEN_CONFIG": ""})
    assert resolved.origins == {}


def test_false_and_zero_are_given() -> None:
    assert resolve({"cache": False}, environ={"MAPGEN_CACHE": "1"}).settings.cache is False
    assert resolve(environ={"MAPGEN_CACHE": "0"}).settings.cache is False
    assert resolve({"temperature": 0.0}, environ={"MAPGEN_TEMPERATURE": "1"}).settings.temperature == 0.0


def test_arguments_are_named_as_their_caller_writes_them() -> None:
    for flags, origin in ((True, "--max-calls"), (False, "max_calls")):
        with pytest.raises(ConfigError) as caught:
            resolve({"max_calls": 0}, environ={}, flags=flags)
        assert caught.value.message.startswith(f"{origin}: '0' is not usable: Input should be greater than")
        assert caught.value.hint == "Most requests to models."


@pytest.mark.parametrize(
    ("environ", "message", "hint"),
    [
        ({"MAPGEN_MODLE": "x"}, "There is no setting MAPGEN_MODLE (environment).", "Did you mean MAPGEN_MODEL?"),
        ({"MAPGEN_ZZZ": "x"}, "There is no setting MAPGEN_ZZZ (environment).", "There are: MAPGEN_API_KEY, MAPGEN_"),
        ({"MAPGEN_BASE_URL": "localhost:8080/v1"}, "MAPGEN_BASE_URL: 'localhost:8080/v1' is no URL.", "https://host"),
        ({"OPENAI_BASE_URL": "ftp://h"}, "OPENAI_BASE_URL: 'ftp://h' is no URL.", "It looks like"),
        ({"OPENAI_BASE_URL": "http://"}, "OPENAI_BASE_URL: 'http://' is no URL.", "It looks like"),
        ({"OPENAI_BASE_URL": "http://a b/"}, "OPENAI_BASE_URL: 'http://a b/' is no URL.", "It looks like"),
        *(
            ({"MAPGEN_BASE_URL": url}, f"MAPGEN_BASE_URL: {url!r} is no URL.", "It looks like")
            for url in ("http://:8080/v1", "http://h:99999/v1", "http://h:0", "http://[::1/v1", "http://h/\udcff")
        ),
        *(
            ({"MAPGEN_BASE_URL": f"http://h/v1{more}"}, "MAPGEN_BASE_URL: A URL with ? or # in it", "the root alone")
            for more in ("?version=1", "#x")
        ),
        ({"MAPGEN_MODEL": "m\udcff"}, "MAPGEN_MODEL: The name is no text in UTF-8.", "Write it anew."),
        ({"OPENAI_API_KEY": " \n"}, "OPENAI_API_KEY: The key is empty.", "Leave it out"),
        ({"MAPGEN_CONCEPTS": "many"}, "MAPGEN_CONCEPTS: 'many' is not usable: ", "How many concepts."),
        ({"MAPGEN_CONCEPTS": "13"}, "MAPGEN_CONCEPTS: '13' is not usable: ", "How many concepts."),
        ({"MAPGEN_MAX_TOKENS": "-1"}, "MAPGEN_MAX_TOKENS: '-1' is not usable: ", "Most tokens, sent and received."),
        ({"MAPGEN_MAX_COST": "nan"}, "MAPGEN_MAX_COST: 'nan' is not usable: ", "Most money, in US dollars."),
        ({"MAPGEN_DEADLINE": "inf"}, "MAPGEN_DEADLINE: 'inf' is not usable: ", "Most seconds for the whole map."),
        ({"MAPGEN_TIMEOUT": "0"}, "MAPGEN_TIMEOUT: '0' is not usable: ", "Most seconds for one request."),
        ({"MAPGEN_CONCURRENCY": "65"}, "MAPGEN_CONCURRENCY: '65' is not usable: ", "Most requests at once."),
        ({"MAPGEN_CACHE": "perhaps"}, "MAPGEN_CACHE: 'perhaps' is not usable: ", "Whether answers and maps"),
        ({"MAPGEN_LANGUAGE": "Klingon"}, "MAPGEN_LANGUAGE: 'Klingon' is no language", "Give a code such as de"),
        ({"MAPGEN_BRAND": "x" * 61}, "MAPGEN_BRAND: ", "The name on pages and texts."),
    ],
)
def test_a_bad_variable_is_named_with_its_mend(environ: dict[str, str], message: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        resolve(environ=environ)
    assert caught.value.exit_code == 78
    assert caught.value.message.startswith(message)
    assert len(caught.value.message) < 250
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("model = ", "{} is not TOML: ", 'A line looks like: model = "gpt-5-mini"'),
        ("\x00", "{} is not TOML: ", "A line looks like"),
        ("model = " + "[" * 10_000, "{} is not TOML: ", "A line looks like"),
        (f"model{'.a' * 2_000} = 1", "{} is not TOML: ", "A line looks like"),
        (f"max_calls = {'9' * 5_000}", "{} is not TOML: ", "A line looks like"),
        ('modle = "x"', "There is no setting 'modle' ({}).", "Did you mean model?"),
        ("[model]\nname = 1", "model in {}: ", "The model's name"),
        ("max_calls = -2", "max_calls in {}: '-2' is not usable: ", "Most requests to models."),
        ('base_url = "x"', "base_url in {}: 'x' is no URL.", "It looks like"),
        ("api_key = 12345678", "api_key in {}: is not usable", "Key of that API."),
    ],
)
def test_a_bad_file_is_named_with_its_mend(tmp_path: Path, text: str, message: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        resolve(environ=written(tmp_path, text))
    assert caught.value.message.startswith(message.format(tmp_path / "config.toml"))
    assert hint in caught.value.hint


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(ConfigError, match="MAPGEN_CONFIG") as caught:
            resolve(environ={"MAPGEN_CONFIG": str(path)})
        assert caught.value.hint == "Unset MAPGEN_CONFIG, or write it."


def test_a_file_that_is_no_text_is_a_config_error(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    for content in (b"\xff\xfe", b"#" * 1_000_001):
        path.write_bytes(content)
        with pytest.raises(ConfigError, match="is not TOML"):
            resolve(environ={"MAPGEN_CONFIG": str(path)})


def test_the_usual_file_need_not_exist_and_is_read_where_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not config_file().exists()
    assert resolve().origins == {}
    config_file().parent.mkdir(parents=True)
    config_file().write_text('brand = "Mine"\n')
    assert resolve().settings.brand == "Mine"
    monkeypatch.setenv("MAPGEN_BRAND", "Yours")
    assert resolve().settings.brand == "Yours"


def test_an_unknown_argument_is_a_config_error() -> None:
    with pytest.raises(ConfigError, match="There is no setting 'modell'") as caught:
        resolve({"modell": "x"}, environ={})
    assert caught.value.hint == "Did you mean model?"


def test_folders_may_start_at_the_home() -> None:
    settings = resolve({"cache_dir": "~/kept", "prompts": Path("~/words")}, environ={}).settings
    assert settings.cache_dir == Path.home() / "kept"
    assert settings.prompts == Path.home() / "words"
    assert resolve({"cache_dir": "~nobody-of-that-name/x"}, environ={}).settings.cache_dir.name == "x"


def test_a_key_is_stripped_and_its_characters_are_checked() -> None:
    key = resolve({"api_key": f" {SECRET}\n"}, environ={}).settings.api_key
    assert key is not None
    assert key.get_secret_value() == SECRET


@pytest.mark.parametrize(
    "environ",
    [
        {"OPENAI_API_KEY": f"{SECRET}é"},
        {"OPENAI_API_KEY": f"{SECRET} {SECRET}"},
        {"OPENAI_API_KEY": f"{SECRET}\x1b[0m"},
        {"OPENAI_BASE_URL": f"https://user:{SECRET}@host/v1"},
        {"OPENAI_BASE_URL": f"user:{SECRET}@host/v1"},
        {"OPENAI_BASE_URL": SECRET},
        {"OPENAI_API_KEY": SECRET, "MAPGEN_CONCEPTS": "x"},
    ],
)
def test_no_error_tells_a_secret(environ: dict[str, str]) -> None:
    with pytest.raises(ConfigError) as caught:
        resolve(environ=environ)
    told = f"{caught.value} {caught.value.hint} {caught.value!r}"
    assert SECRET not in told
    assert caught.value.hint


def test_no_representation_tells_the_key() -> None:
    resolved = resolve(environ={"OPENAI_API_KEY": SECRET})
    for told in (repr(resolved), str(resolved), repr(resolved.settings), resolved.model_dump_json()):
        assert SECRET not in told


def test_tracing_is_off_unless_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAPGEN_TRACING", "1")
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    quiet_tracing()
    assert os.environ["LANGSMITH_TRACING"] == "true"
    monkeypatch.delenv("MAPGEN_TRACING")
    monkeypatch.setenv("LANGCHAIN_TRACING_V2", "true")
    quiet_tracing()
    assert "LANGSMITH_TRACING" not in os.environ
    assert "LANGCHAIN_TRACING_V2" not in os.environ


@pytest.mark.parametrize(
    ("environ", "mend"),
    [
        ({"MAPGEN_CONCEPTS": "99"}, "How many concepts. Set MAPGEN_CONCEPTS anew, or unset it."),
        ({"OPENAI_BASE_URL": "x"}, "It looks like https://host/v1. Set OPENAI_BASE_URL anew, or unset it."),
        ({"MAPGEN_LANGUAGE": "Klingon"}, "Set MAPGEN_LANGUAGE anew, or unset it."),
    ],
)
def test_a_variable_is_said_to_be_set_anew(environ: dict[str, str], mend: str) -> None:
    with pytest.raises(ConfigError) as caught:
        resolve(environ=environ)
    assert caught.value.hint.endswith(mend)


def test_a_line_of_the_file_is_said_to_be_changed(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        resolve(environ=written(tmp_path, "concepts = 99"))
    assert caught.value.message.startswith(f"concepts in {tmp_path / 'config.toml'}: '99' is not usable: ")
    assert caught.value.hint == "How many concepts. Change that line of the file, or remove it."


def test_a_file_that_cannot_be_read_is_a_config_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environ = written(tmp_path, 'model = "m"')

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(ConfigError, match="cannot be read: Permission denied") as caught:
        resolve(environ=environ)
    assert "MAPGEN_CONFIG" in caught.value.hint
    with pytest.raises(ConfigError, match="There is no file"):
        resolve(environ={"MAPGEN_CONFIG": "x" * 5_000})


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({"MAPGEN_MODEL": "scripted:none.json"}, "MAPGEN_MODEL: There is no file 'none.json'."),
        ({"MAPGEN_MODEL": "gpt-0"}, "MAPGEN_MODEL: The model 'gpt-0' needs an API key."),
        ({"MAPGEN_MODEL": "local", "MAPGEN_WRITER": "gpt-0"}, "MAPGEN_WRITER: The model 'gpt-0' needs an API key."),
        ({"OPENAI_BASE_URL": "http://h/v1"}, "OPENAI_BASE_URL: Which model of h shall be asked?"),
        ({"MAPGEN_PROMPTS": "none"}, "MAPGEN_PROMPTS: none holds no prompts (*.j2)."),
        (
            {"MAPGEN_MODEL": "m", "MAPGEN_BASE_URL": "http://h/v1", "MAPGEN_MAX_COST": "1"},
            "MAPGEN_MAX_COST: The price of m at h is not known, so --max-cost cannot hold.",
        ),
    ],
)
def test_what_a_session_cannot_use_is_named_with_its_origin(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, environ: dict[str, str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    for settings in (None, resolve()):
        with pytest.raises(ConfigError) as caught:
            Session(settings=settings)
        assert caught.value.message == message
        assert caught.value.hint

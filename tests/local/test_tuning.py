"""Every setting has its place in the real engine's parameters, and says what it is meant to say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mapgen.local.tuning import CONTEXT, SAMPLING, SLOTS, set_door, set_model, set_sampling

xllamacpp = pytest.importorskip("xllamacpp")


def test_every_sampling_default_is_one_of_the_engines() -> None:
    sampling = xllamacpp.CommonParams().sampling
    for name in vars(SAMPLING):
        assert hasattr(sampling, name)
    set_sampling(sampling, SAMPLING)
    assert {name: pytest.approx(getattr(sampling, name)) for name in vars(SAMPLING)} == vars(SAMPLING)


def test_the_door_is_closed() -> None:
    params = xllamacpp.CommonParams()
    set_door(params, port=0, key="secret", scratch="/scratch")
    assert params.hostnames == ["127.0.0.1"]
    assert params.api_keys == ["secret"]
    assert params.cors_origins != "*"
    assert [params.ui, params.endpoint_slots, params.endpoint_props, params.endpoint_metrics] == [False] * 4
    assert params.slot_save_path == "/scratch" + os.sep


def test_each_slot_has_its_whole_context() -> None:
    params = xllamacpp.CommonParams()
    mode = xllamacpp.llama_load_mode.LLAMA_LOAD_MODE_NONE
    set_model(params, Path("x/model.gguf"), slots=SLOTS, context=CONTEXT, load_mode=mode)
    assert params.n_ctx == SLOTS * CONTEXT
    assert params.n_parallel == SLOTS
    assert params.model_alias == {"model"}


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="knows no affinity")
def test_the_engine_keeps_to_the_cores_that_the_process_may_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    for usable, threads in [({0, 1, 2}, 3), (set(range(8)), -1)]:
        monkeypatch.setattr(os, "sched_getaffinity", lambda pid, usable=usable: usable)
        params = xllamacpp.CommonParams()
        mode = xllamacpp.llama_load_mode.LLAMA_LOAD_MODE_NONE
        set_model(params, Path("model.gguf"), slots=1, context=512, load_mode=mode)
        assert params.cpuparams.n_threads == params.cpuparams_batch.n_threads == threads

"""The pinned model's figures fit each other."""

from __future__ import annotations

import re

from mapgen.local import KNOWN, QWEN_CODER_1_5B


def test_the_pieces_of_every_known_model_add_up_to_its_size() -> None:
    for weights in KNOWN.values():
        assert sum(weights.piece_bytes(n) for n in range(1, weights.pieces + 1)) == weights.size
        assert all(weights.piece_bytes(n) > 0 for n in range(1, weights.pieces + 1))


def test_known_models_are_pinned() -> None:
    for name, weights in KNOWN.items():
        assert name == weights.name
        assert re.fullmatch("[0-9a-f]{64}", weights.sha256)
        assert re.fullmatch("[0-9a-f]{40}", weights.revision)


def test_the_last_piece_is_the_short_one() -> None:
    assert QWEN_CODER_1_5B.piece_bytes(1) == 52_428_800
    assert QWEN_CODER_1_5B.piece_bytes(22) == 16_315_968

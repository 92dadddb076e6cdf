"""Colours as style sheets write them, and whether letters can be told from what is behind them.

A colour is red, green and blue from 0 to 255 and how opaque it is, from 0 to 1; one that depends on more than its text,
or on a space of colours that is not converted here, stays a text, and may be any colour.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tinycss2.color4 import parse_color

Colour = tuple[float, float, float, float] | str

WHITE: Colour = (255.0, 255.0, 255.0, 1.0)
BLACK: Colour = (0.0, 0.0, 0.0, 1.0)
CLEAR: Colour = (0.0, 0.0, 0.0, 0.0)
_ALIKE = 16  # of 255, in each part of a colour: no reader tells letters from what is nearer to them
_FAINT = 0.05  # how opaque letters are that nobody sees on anything
_DIGITS = re.compile(r"[\da-f]{3,4}|[\da-f]{6}|[\da-f]{8}")
_OTHERS = re.compile(
    r"(?:color|color-mix|light-dark|contrast-color|device-cmyk|var|env|attr|if)\(.*"
    r"|(?:rgba?|hsla?|hwb)\((?:from\b|[^()]*\().*|(?:ok)?(?:lab|lch)\(.*|inherit|initial|unset|revert|revert-layer"
    r"|canvas|canvastext|linktext|visitedtext|activetext|graytext|field|fieldtext|buttonface|buttontext|mark|marktext",
    re.DOTALL,
)


@lru_cache(maxsize=4_096)
def colour(text: str) -> Colour | None:
    """The colour that ``text``, in lower case, names; None where it names none, as no browser would take it."""
    if _OTHERS.fullmatch(text):
        return text
    found = parse_color(text)
    if found is None or isinstance(found, str):
        return found
    try:
        red, green, blue, opaque = found.to("srgb")
    except NotImplementedError:
        return text
    return (_within(red) * 255, _within(green) * 255, _within(blue) * 255, opaque)


def legacy(text: str) -> Colour | None:
    """The same of an attribute such as ``bgcolor``, which may leave out the sign before its digits."""
    text = text.strip().lower()
    return colour(text) or (colour(f"#{text}") if _DIGITS.fullmatch(text) else None)


def _within(share: float) -> float:
    return min(max(share, 0.0), 1.0)


def over(upper: Colour, lower: Colour) -> Colour:
    """What is seen of a colour that is painted over another one; a text where that cannot be told."""
    if isinstance(upper, str) or upper[3] >= 1:
        return upper
    if isinstance(lower, str):
        return lower if not upper[3] else ""
    red, green, blue = (
        upper[3] * above + (1 - upper[3]) * below for above, below in zip(upper[:3], lower[:3], strict=True)
    )
    return (red, green, blue, 1.0)


def blends(letters: Colour, behind: Colour) -> bool:
    """Whether letters cannot be told from what is behind them; where a colour is not known, they can."""
    if isinstance(letters, str):
        return bool(letters) and letters == behind
    if letters[3] < _FAINT:
        return True
    if isinstance(behind, str):
        return False
    return letters[3] * max(abs(a - b) for a, b in zip(letters[:3], behind[:3], strict=True)) < _ALIKE

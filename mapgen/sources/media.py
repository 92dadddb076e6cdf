"""Which conditions of style sheets hold for the reader that pages are read for: at a usual screen, with a mouse.

What it does not know does not hold.
"""

from __future__ import annotations

import re

WIDTH, HEIGHT = 1_280, 800  # pixels
_QUERY = re.compile(
    r"(?:(?P<only>only|not)\s+)?(?P<type>[a-z-]+)(?:\s+and\s+(?P<rest>\(.*))?|(?P<bare>\(.*)", re.DOTALL
)
_FEATURES = re.compile(r"\)\s*and\s*\(")
_BOUND = re.compile(r"(min|max)-(?:device-)?(width|height)\s*:\s*(\d+(?:\.\d*)?|\.\d+)(px|r?em|)")
_RANGE = re.compile(r"(width|height)\s*([<>]=?|=)\s*(\d+(?:\.\d*)?|\.\d+)(px|r?em|)")
_TURNED = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(px|r?em|)\s*([<>]=?)\s*(width|height)")
_HELD = {
    "color",
    "hover",
    "hover:hover",
    "any-hover",
    "any-hover:hover",
    "pointer",
    "pointer:fine",
    "any-pointer",
    "any-pointer:fine",
    "orientation:landscape",
    "prefers-color-scheme:light",
    "prefers-reduced-motion:no-preference",
    "prefers-contrast:no-preference",
    "scripting",
    "scripting:enabled",
    "update",
    "update:fast",
    "width",
    "height",
    "display-mode:browser",
    "forced-colors:none",
    "inverted-colors:none",
    "grid:0",
}
_SIZES = {"width": WIDTH, "height": HEIGHT}


def holds(query: str) -> bool:
    """Whether one of the media queries in a list holds; an empty list does."""
    text = query.strip().lower()
    return not text or any(_one(part.strip()) for part in text.split(","))


def _one(query: str) -> bool:
    found = _QUERY.fullmatch(query)
    if found is None or (found["type"] in ("not", "only", "and", "or", "layer")):
        return False
    kind, features = found["type"] or "all", found["rest"] or found["bare"]
    told = [_feature(one.strip()) for one in _FEATURES.split(features.strip()[1:-1])] if features else []
    if (features and not features.strip().endswith(")")) or None in told:
        return False
    held = kind in ("all", "screen") and all(told)
    return held is not (found["only"] == "not")


def _feature(feature: str) -> bool | None:
    """Whether a feature holds; None where it is not known."""
    if found := _BOUND.fullmatch(feature):
        has, limit = _SIZES[found[2]], _pixels(found[3], found[4])
        return has >= limit if found[1] == "min" else has <= limit
    if found := _RANGE.fullmatch(feature):
        return _compared(_SIZES[found[1]], found[2], limit=_pixels(found[3], found[4]))
    if found := _TURNED.fullmatch(feature):
        turned = found[3].translate(str.maketrans("<>", "><"))
        return _compared(_SIZES[found[4]], turned, limit=_pixels(found[1], found[2]))
    name = re.sub(r"\s*:\s*", ":", feature)
    if name in _HELD:
        return True
    return False if name.partition(":")[0] in {one.partition(":")[0] for one in _HELD} else None


def _pixels(number: str, unit: str) -> float:
    return float(number) * (1 if unit in ("px", "") else 16)


def _compared(has: float, sign: str, *, limit: float) -> bool:
    return {"<": has < limit, "<=": has <= limit, ">": has > limit, ">=": has >= limit, "=": has == limit}[sign]

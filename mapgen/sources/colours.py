"""Colours as style sheets write them, and whether letters can be told from what is behind them.

A colour is red, green and blue from 0 to 255 and how opaque it is, from 0 to 1; one in a notation that is not read
here stays a text, and may be any colour.
"""

from __future__ import annotations

import colorsys
import re

Colour = tuple[float, float, float, float] | str

WHITE: Colour = (255.0, 255.0, 255.0, 1.0)
BLACK: Colour = (0.0, 0.0, 0.0, 1.0)
CLEAR: Colour = (0.0, 0.0, 0.0, 0.0)
_ALIKE = 16  # of 255, in each part of a colour: no reader tells letters from what is nearer to them
_FAINT = 0.05  # how opaque letters are that nobody sees on anything
_HEX = re.compile(r"#?([\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})")
_CALL = re.compile(r"(rgb|hsl)a?\(([^()]*)\)")
_NUMBER = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d{1,2})?)(%|deg|turn|rad|grad)?|none")
_TURN = {"turn": 360.0, "rad": 57.29578, "grad": 0.9}
_OTHERS = re.compile(
    r"(?:hwb|(?:ok)?lab|(?:ok)?lch|color|color-mix|light-dark|contrast-color|var|env|attr|if)\(.*"
    r"|(?:rgb|hsl)a?\((?:from\b|[^()]*\().*|currentcolor|inherit|initial|unset|revert|revert-layer"
    r"|canvas|canvastext|linktext|visitedtext|activetext|graytext|field|fieldtext|buttonface|buttontext|mark|marktext",
    re.DOTALL,
)
_NAMES = """
aliceblue f0f8ff antiquewhite faebd7 aqua 00ffff aquamarine 7fffd4 azure f0ffff beige f5f5dc bisque ffe4c4 black
000000 blanchedalmond ffebcd blue 0000ff blueviolet 8a2be2 brown a52a2a burlywood deb887 cadetblue 5f9ea0
chartreuse 7fff00 chocolate d2691e coral ff7f50 cornflowerblue 6495ed cornsilk fff8dc crimson dc143c cyan 00ffff
darkblue 00008b darkcyan 008b8b darkgoldenrod b8860b darkgray a9a9a9 darkgreen 006400 darkgrey a9a9a9 darkkhaki
bdb76b darkmagenta 8b008b darkolivegreen 556b2f darkorange ff8c00 darkorchid 9932cc darkred 8b0000 darksalmon
e9967a darkseagreen 8fbc8f darkslateblue 483d8b darkslategray 2f4f4f darkslategrey 2f4f4f darkturquoise 00ced1
darkviolet 9400d3 deeppink ff1493 deepskyblue 00bfff dimgray 696969 dimgrey 696969 dodgerblue 1e90ff firebrick
b22222 floralwhite fffaf0 forestgreen 228b22 fuchsia ff00ff gainsboro dcdcdc ghostwhite f8f8ff gold ffd700
goldenrod daa520 gray 808080 green 008000 greenyellow adff2f grey 808080 honeydew f0fff0 hotpink ff69b4
indianred cd5c5c indigo 4b0082 ivory fffff0 khaki f0e68c lavender e6e6fa lavenderblush fff0f5 lawngreen 7cfc00
lemonchiffon fffacd lightblue add8e6 lightcoral f08080 lightcyan e0ffff lightgoldenrodyellow fafad2 lightgray
d3d3d3 lightgreen 90ee90 lightgrey d3d3d3 lightpink ffb6c1 lightsalmon ffa07a lightseagreen 20b2aa lightskyblue
87cefa lightslategray 778899 lightslategrey 778899 lightsteelblue b0c4de lightyellow ffffe0 lime 00ff00
limegreen 32cd32 linen faf0e6 magenta ff00ff maroon 800000 mediumaquamarine 66cdaa mediumblue 0000cd
mediumorchid ba55d3 mediumpurple 9370db mediumseagreen 3cb371 mediumslateblue 7b68ee mediumspringgreen 00fa9a
mediumturquoise 48d1cc mediumvioletred c71585 midnightblue 191970 mintcream f5fffa mistyrose ffe4e1 moccasin
ffe4b5 navajowhite ffdead navy 000080 oldlace fdf5e6 olive 808000 olivedrab 6b8e23 orange ffa500 orangered
ff4500 orchid da70d6 palegoldenrod eee8aa palegreen 98fb98 paleturquoise afeeee palevioletred db7093 papayawhip
ffefd5 peachpuff ffdab9 peru cd853f pink ffc0cb plum dda0dd powderblue b0e0e6 purple 800080 rebeccapurple 663399
red ff0000 rosybrown bc8f8f royalblue 4169e1 saddlebrown 8b4513 salmon fa8072 sandybrown f4a460 seagreen 2e8b57
seashell fff5ee sienna a0522d silver c0c0c0 skyblue 87ceeb slateblue 6a5acd slategray 708090 slategrey 708090
snow fffafa springgreen 00ff7f steelblue 4682b4 tan d2b48c teal 008080 thistle d8bfd8 tomato ff6347 turquoise
40e0d0 violet ee82ee wheat f5deb3 white ffffff whitesmoke f5f5f5 yellow ffff00 yellowgreen 9acd32
"""
_NAMED = dict(zip(_NAMES.split()[::2], _NAMES.split()[1::2], strict=True))


def colour(text: str) -> Colour | None:
    """The colour that ``text``, in lower case, names; None where it names none, as no browser would take it."""
    if text == "transparent":
        return CLEAR
    if (found := _HEX.fullmatch(f"#{_NAMED[text]}" if text in _NAMED else text)) and (text[0] == "#" or text in _NAMED):
        return _of_hex(found[1])
    if (call := _CALL.fullmatch(text)) and (parts := _parts(call[2])):
        return _of_parts(call[1], parts)
    return text if _OTHERS.fullmatch(text) else None


def legacy(text: str) -> Colour | None:
    """The same of an attribute such as ``bgcolor``, which may leave out the sign before its digits."""
    text = text.strip().lower()
    return _of_hex(found[1]) if (found := _HEX.fullmatch(text)) and text not in _NAMED else colour(text)


def _of_hex(digits: str) -> Colour:
    if len(digits) < 6:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue, opaque = bytes.fromhex(f"{digits}ff"[:8])
    return (float(red), float(green), float(blue), opaque / 255)


def _parts(text: str) -> list[tuple[float, str]] | None:
    """The three or four numbers of a colour with their units; None where there is anything else."""
    words = re.split(r"[\s,/]+", text.strip())
    found = [_NUMBER.fullmatch(word) for word in words]
    if len(found) not in (3, 4) or None in found:
        return None
    return [(float(one[1] or 0), one[2] or "") for one in found if one]


def _of_parts(kind: str, parts: list[tuple[float, str]]) -> Colour:
    opaque = _within(parts[3][0] / (100 if parts[3][1] == "%" else 1)) if len(parts) > 3 else 1.0
    if kind == "hsl":
        (turn, unit), (saturation, _), (light, _) = parts[:3]
        hue = turn * _TURN.get(unit, 1.0) / 360 % 1
        red, green, blue = colorsys.hls_to_rgb(hue, _within(light / 100), _within(saturation / 100))
    else:
        red, green, blue = (_within(number / (100 if unit == "%" else 255)) for number, unit in parts[:3])
    return (red * 255, green * 255, blue * 255, opaque)


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

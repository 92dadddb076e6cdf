"""What a page of a PDF draws so that it is seen: text without the invisible, the white on white, the tiny, the far off.

It follows the state of the drawing as pypdf goes through it. It knows colours and boxes, no layers and no masks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdf import PageObject

Matrix = list[float]
Box = tuple[float, float, float, float]

_INVISIBLE = {3, 7}  # modes of rendering that paint nothing
_STROKED = {1, 2, 5, 6}
_TINY = 1.0  # points
_WHITE = 0.98  # of each part of a colour, and above
_BOXES = 2_000  # painted boxes that are remembered; of a page with more, white text is taken as seen
_SHOWS = {b"Tj", b"TJ", b"'", b'"'}
_FILLS = {b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"}
_ENDS = {b"S", b"s", b"n"} | _FILLS
_COLOURS = {b"g", b"rg", b"k", b"sc", b"scn"}
_PLAIN = {b"g", b"rg", b"k"}  # these say their space, too
_INKS = {"/Separation", "/DeviceN"}  # colours of these are parts of ink, so that none is white
_UNTOLD = {"/Pattern", "/Indexed", "/Lab"}
_POINTS = {b"m": 2, b"l": 2, b"c": 6, b"v": 4, b"y": 4}


@dataclass(frozen=True)
class _State:
    mode: int = 0
    white: bool = False
    clear: bool = False
    space: str = ""
    size: float = 1.0


class Drawn:
    """One page; ``unseen`` counts what it draws that no reader sees."""

    def __init__(self, page: PageObject) -> None:
        self.unseen = 0
        self._page = page
        left, bottom, right, top = map(float, page.cropbox)
        self._box: Box = (min(left, right), min(bottom, top), max(left, right), max(bottom, top))
        self._state = _State()
        self._saved: list[_State] = []
        self._outer: list[tuple[_State, int, Any]] = []
        self._resources: Any = page.get("/Resources")
        self._path: list[tuple[float, float]] = []
        self._painted: list[Box] = []

    def text(self) -> str:
        """The text that is seen. Raises what pypdf does."""
        return self._page.extract_text(visitor_operand_before=self._before, visitor_operand_after=self._after)

    def _before(self, operator: bytes, operands: Any, *matrices: Matrix) -> None:
        """Follow an operation; the text that it would show is taken from it where it is not seen."""
        cm, tm = matrices
        if operator in _SHOWS:
            if operands and not self._seen(cm, tm):
                self.unseen += 1
                operands[-1] = type(operands[-1])()
        elif operator == b"q":
            self._saved.append(self._state)
        elif operator == b"Q":
            self._state = self._saved.pop() if self._saved else self._state
        elif operator == b"Do":
            self._outer.append((self._state, len(self._saved), self._resources))
            self._resources = _got(self._named("/XObject", operands), "/Resources") or self._resources
            self._paint([_placed(cm, (x, y)) for x in (0, 1) for y in (0, 1)])
        elif operator == b"cs":
            self._state = replace(self._state, white=False, space=self._space(operands))
        elif operator == b"gs":
            alpha = _got(self._named("/ExtGState", operands), "/ca")
            if isinstance(alpha, int | float):
                self._state = replace(self._state, clear=alpha <= 1 - _WHITE)
        else:
            self._set(operator, [float(one) if isinstance(one, int | float) else None for one in operands], cm=cm)

    def _after(self, operator: bytes, *_: Any) -> None:
        if operator == b"Do" and self._outer:
            self._state, depth, self._resources = self._outer.pop()
            del self._saved[depth:]

    def _set(self, operator: bytes, operands: list[float | None], *, cm: Matrix) -> None:
        """A change of the state, or a part of a path."""
        numbers = [one for one in operands if one is not None]
        if operator == b"Tr" and numbers:
            self._state = replace(self._state, mode=int(numbers[0]))
        elif operator == b"Tf" and numbers:
            self._state = replace(self._state, size=numbers[-1])
        elif operator in _COLOURS:
            space = "" if operator in _PLAIN else self._state.space
            self._state = replace(self._state, white=_is_white(numbers, space), space=space)
        elif operator == b"re" and len(numbers) == 4:
            x, y, width, height = numbers
            self._path += [_placed(cm, (x, y)), _placed(cm, (x + width, y + height))]
        elif operator in _POINTS and len(numbers) == _POINTS[operator]:
            self._path += [_placed(cm, pair) for pair in zip(numbers[::2], numbers[1::2], strict=True)]
        elif operator in _ENDS:
            if operator in _FILLS and not self._state.white:
                self._paint(self._path)
            self._path = []

    def _named(self, kind: str, operands: Any) -> Any:
        """The resource of that kind that an operation names; None where there is none."""
        return _got(_got(self._resources, kind), operands[0]) if operands else None

    def _space(self, operands: Any) -> str:
        """The space of colours that is chosen: its family, where it is none of grey, RGB and CMYK."""
        found = self._named("/ColorSpace", operands)
        family = found[0] if isinstance(found, list) and found else operands[0] if operands else ""
        return str(family) if family in _INKS | _UNTOLD else ""

    def _paint(self, points: list[tuple[float, float]]) -> None:
        if points and len(self._painted) <= _BOXES:
            across, up = zip(*points, strict=True)
            self._painted.append((min(across), min(up), max(across), max(up)))

    def _seen(self, cm: Matrix, tm: Matrix) -> bool:
        """Whether text that is shown now is seen."""
        state = self._state
        x, y = _placed(cm, (tm[4], tm[5]))
        scale = (abs(tm[0] * tm[3] - tm[1] * tm[2]) * abs(cm[0] * cm[3] - cm[1] * cm[2])) ** 0.5
        size = abs(state.size) * scale
        left, bottom, right, top = self._box
        if state.mode in _INVISIBLE or size < _TINY or (state.clear and state.mode not in _STROKED):
            return False
        if not (2 * left - right - size <= x <= right and bottom - size <= y <= top):
            return False
        if not state.white or state.mode in _STROKED or len(self._painted) > _BOXES:
            return True
        return any(a - 1 <= x <= c + 1 and b - 1 <= y <= d + 1 for a, b, c, d in self._painted)


def _placed(cm: Matrix, point: tuple[float, float]) -> tuple[float, float]:
    """A point of the drawing as a point of the page."""
    x, y = point
    return cm[0] * x + cm[2] * y + cm[4], cm[1] * x + cm[3] * y + cm[5]


def _got(resources: Any, key: Any) -> Any:
    """What stands under a name in a dictionary of a PDF; None where that is none, or has no such name."""
    found = resources.get(key) if isinstance(resources, dict) else None
    resolve = getattr(found, "get_object", None)
    return resolve() if resolve else found


def _is_white(parts: list[float], space: str) -> bool:
    """Whether a grey, an RGB or a CMYK colour, or one of inks, is white; one of another kind is not known to be."""
    if space in _UNTOLD:
        return False
    if parts and (len(parts) == 4 or space in _INKS):
        return max(parts) <= 1 - _WHITE
    return len(parts) in (1, 3) and min(parts) >= _WHITE

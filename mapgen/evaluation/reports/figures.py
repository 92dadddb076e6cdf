"""Numbers as reports write them: scores, differences with their sign, intervals, p-values, money.

It knows no metric and no format; the minus is U+2212, and what is not known is a dash.
"""

from __future__ import annotations

from collections.abc import Sequence

MINUS, NONE = "−", "–"


def number(value: float | None) -> str:
    """A score or a mean: two decimals, fewer for a large number."""
    if value is None:
        return NONE
    size = abs(value)
    text = f"{size:,.0f}" if size >= 100 else f"{size:.1f}" if size >= 10 else f"{size:.2f}"
    return f"{MINUS}{text}" if value < 0 else text


def signed(value: float | None) -> str:
    """A difference with its sign, which what is exactly 0 has none of."""
    if value is None or value == 0:
        return number(value)
    return f"+{number(value)}" if value > 0 else number(value)


def interval(ends: Sequence[float] | None) -> str:
    """From where to where."""
    return NONE if ends is None else f"{signed(ends[0])} … {signed(ends[1])}"


def p_value(p: float | None) -> str:
    """A p-value to three decimals."""
    return NONE if p is None else "<0.001" if p < 0.001 else f"{p:.3f}"


def margins(value: float | None) -> str:
    """A multiple of the margin."""
    if value is None:
        return NONE
    text = f"{abs(value):.1f}×"
    return text if text == "0.0×" else f"{MINUS}{text}" if value < 0 else f"+{text}"


def money(dollars: float | None) -> str:
    """US dollars; a small amount to four decimals."""
    return NONE if dollars is None else f"${dollars:.2f}" if dollars >= 1 or dollars == 0 else f"${dollars:.4f}"


def seconds(value: float | None) -> str:
    """A duration."""
    return NONE if value is None else f"{value:,.1f} s"

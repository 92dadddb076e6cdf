"""What a comparison looks like: a table for the terminal, Markdown, JUnit XML, JSON, and a page.

Each form is a module with a pure function ``render``. They know the values of comparison.py and records.py, and
neither files nor how a comparison is made.
"""

from __future__ import annotations

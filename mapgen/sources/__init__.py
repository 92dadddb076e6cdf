"""The room of the sources that maps can stand on, one file for each kind.

Text and Markdown are read into documents, and a guard judges URLs; no door leads here yet, so a map's ``sources`` and
``citations`` are empty.
"""

"""The room of the sources that maps can stand on, one file for each kind.

Text and Markdown are read into documents, pages are fetched from the addresses that a guard lets through, and a
Wikipedia is asked live; no door leads here yet, so a map's ``sources`` and ``citations`` are empty.
"""

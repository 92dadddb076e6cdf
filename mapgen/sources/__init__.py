"""The room of the sources that maps can stand on, one file for each kind.

Text, Markdown, HTML, PDF, DOCX and folders are read into documents, pages are fetched from the addresses that a guard
lets through, a Wikipedia is asked live, and passages are kept in an index. ``opening`` tells what a user names apart.
"""

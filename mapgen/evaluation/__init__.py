"""The room of the evaluation suites: did an edit of the prompts make the maps better?

Nothing lives here yet.
"""

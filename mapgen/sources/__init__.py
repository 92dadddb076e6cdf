"""The room of the sources that maps can stand on, one file for each kind.

Nothing lives here yet; a map's ``sources`` and ``citations`` are empty until then.
"""

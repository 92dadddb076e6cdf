"""The version of mapgen, in one place: the build, the command line and every map read it here.

It knows nothing else.
"""

__version__ = "0.1.0"

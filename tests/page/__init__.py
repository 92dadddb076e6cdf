"""A package, so that the browser lives as long as this folder's tests, and no longer."""

"""Measurements: slow, and on data that is not part of the project."""

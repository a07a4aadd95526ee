"""Beam shells, one public transform a file, around the pure decisions of ``core``."""

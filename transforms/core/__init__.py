"""Parley's decisions, pure: no Beam, no network, no clock, no files but their own data."""

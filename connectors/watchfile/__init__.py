"""Watches and subscriptions from YAML, with every mistake by line."""

"""How Parley runs: the stages put together, the ways to run them, the command line."""

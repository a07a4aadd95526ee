"""How the archive's tables came to be: one file in ``versions`` per step, run by ``env.py``."""

"""What `parley` does, command by command.

What a command needs is imported in it: Beam and spaCy take seconds to load, and ``--help``
must not.
"""

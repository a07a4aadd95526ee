"""All input and output. Knows ``schemas`` and client libraries, never ``transforms``."""

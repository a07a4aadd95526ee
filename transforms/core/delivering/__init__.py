"""Who is told, when, and how often it is tried; pure, as is all of the core."""

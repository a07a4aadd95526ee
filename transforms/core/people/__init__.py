"""Who is who: names, roles, categories, authors, persons across articles."""

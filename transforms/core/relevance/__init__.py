"""Does a statement concern the watch?"""

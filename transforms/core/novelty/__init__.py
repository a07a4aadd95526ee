"""Was it said before?"""

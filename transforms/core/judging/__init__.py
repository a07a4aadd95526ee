"""What it means for a watch: who is an expert, what is new, what alerts."""

"""Which message goes to whom, and when."""

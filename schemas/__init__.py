"""The data that flows through Parley: plain frozen rows, no behaviour beyond validation."""

"""Progress, counters, logs and metrics."""

"""How a stage runs: outcomes, metrics, reading ahead, process pools."""

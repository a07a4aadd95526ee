"""When an alert is raised, updated, withdrawn or corrected."""

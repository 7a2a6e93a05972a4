"""Real engines, two APIs and two workers under load, while machines fail: `make faults`."""

"""The evaluations: cases, metrics, runs and the gate that a merge has to pass."""

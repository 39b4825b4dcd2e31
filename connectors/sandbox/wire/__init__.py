"""How a simulated product is served: one gate for faults and limits, one frame of time and people."""

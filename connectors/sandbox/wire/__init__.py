"""What every simulated product is served with: a gate for faults and rules, and one frame with clock and seed."""

"""The control server: lets programs read and drive the simulated products."""

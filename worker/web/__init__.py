"""What other programs ask a running process: is it alive, is it ready, and its numbers for Prometheus."""

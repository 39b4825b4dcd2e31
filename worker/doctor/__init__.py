"""What an operator asks outside the work: is everything set up right, and what does the precheck find for one user."""

"""What Okta Support gets: the package, its form and its evidence."""

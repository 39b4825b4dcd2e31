"""What an operator sees and orders of cases: the list, one case's page, records for programs, orders."""

"""How each product speaks: one module or package a product, each behind a port of the core."""

"""A simulated ServiceNow instance, built from ServiceNow's published facts."""

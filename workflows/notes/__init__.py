"""What people read. The only package that writes sentences for tickets."""

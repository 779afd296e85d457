"""What `examples/check.py` tries: one module an example, and what they share. Python's own library is all it needs."""

"""Documents: figures -> tree -> HTML and PDF."""

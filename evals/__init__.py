"""Measures how often answers are right and their citations support them."""

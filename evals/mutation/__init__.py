"""Sentences with their citations, made false or reworded, to measure checkers with."""

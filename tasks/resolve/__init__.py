"""Joins mentions from different articles into incidents in the world."""

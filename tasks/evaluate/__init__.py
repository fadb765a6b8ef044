"""Scores a ledger's tables against gold annotations."""

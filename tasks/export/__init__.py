"""Hands a published ledger on in the formats that other people's tools read."""

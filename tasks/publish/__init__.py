"""publish: a run's checked tables become the ledger's new state, all at once."""

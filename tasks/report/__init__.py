"""The explorer: a published ledger as static HTML that opens from disk, without a network and without a server."""

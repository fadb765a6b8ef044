"""Memory that a stage is done with, given back to the system, since the processes of the next stage want it."""

from __future__ import annotations


def give_back() -> None:
    """Lets go of the memory that Arrow keeps for tables to come."""
    import pyarrow as pa

    pa.default_memory_pool().release_unused()

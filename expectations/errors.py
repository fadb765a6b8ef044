"""The few errors that the pipeline raises; each message names the file or row, what was wrong and what to do."""

from __future__ import annotations


class ConflictLedgerError(Exception):
    """Base of every error that is meant for the user's eyes."""


class InputError(ConflictLedgerError):
    """An input cannot be read or holds nothing usable."""


class TableError(ConflictLedgerError):
    """A table as a whole is broken: wrong columns, keys not unique, rows lost. Nothing is published."""


class LedgerError(ConflictLedgerError):
    """The output folder cannot be used: not writable, locked by another run, or damaged."""


class SettingsError(ConflictLedgerError):
    """A setting or command-line option does not make sense."""

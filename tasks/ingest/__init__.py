"""Ingest: sources as they are (files, folders) to rows of `documents`; nothing is interpreted."""

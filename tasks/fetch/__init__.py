"""Fetches feeds and sites politely; what comes is kept, and read by ingest like any other source."""

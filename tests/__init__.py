"""Tests: `unit` without Prefect, `integration` with real flows, `quality` against pinned floors."""

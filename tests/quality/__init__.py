"""The quality gate: scores on coded articles may not fall below the pinned floors."""

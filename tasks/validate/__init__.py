"""After each stage: are its tables what they must be? Rows that are not go to quarantine; a broken table stops the run."""

"""What every table must be: columns, types, meaning and checks, one definition each."""

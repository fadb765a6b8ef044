"""Reads one article and writes the incidents that it reports and every casualty figure in it."""

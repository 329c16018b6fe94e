"""Tallies, scores, verdicts, the recompute jobs and the pages that show them."""

"""Questionnaires, collectors, responses and the inbox."""

"""The plain Django floor: a feedback form as Django's tutorial would write it."""

"""Training: courses that teach the promises, quizzes, assignments, certificates."""

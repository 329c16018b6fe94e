"""The room for courses, quizzes and certificates. Nothing lives here yet."""

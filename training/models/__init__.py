from training.models.assignment import Assignment, Certificate, LessonProgress
from training.models.attempt import Attempt, AttemptQuestion, MarkCorrection
from training.models.course import (
    Course,
    CourseText,
    CourseVersion,
    Lesson,
    LessonText,
    Module,
    ModuleText,
)
from training.models.event import TrainingEvent
from training.models.export import MatrixExport
from training.models.measured import MeasuredCourse
from training.models.meeting import InPersonSession, PracticeObservation, Seat
from training.models.picture import CoursePicture
from training.models.prepared import Preparation, PreparedQuestion
from training.models.quiz import (
    Question,
    QuestionBank,
    QuestionVersion,
    QuestionVersionText,
    Quiz,
    QuizText,
)
from training.models.rule import AssignmentBatch, AssignmentRule

__all__ = [
    "Assignment",
    "AssignmentBatch",
    "AssignmentRule",
    "Attempt",
    "AttemptQuestion",
    "Certificate",
    "Course",
    "CoursePicture",
    "CourseText",
    "CourseVersion",
    "InPersonSession",
    "Lesson",
    "LessonProgress",
    "LessonText",
    "MarkCorrection",
    "MatrixExport",
    "MeasuredCourse",
    "Module",
    "ModuleText",
    "PracticeObservation",
    "Preparation",
    "PreparedQuestion",
    "Question",
    "QuestionBank",
    "QuestionVersion",
    "QuestionVersionText",
    "Quiz",
    "QuizText",
    "Seat",
    "TrainingEvent",
]

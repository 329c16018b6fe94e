"""The ground everything stands on."""

from typing import Any

import pytest

from charter.tests.factories import MeasureFactory, RecordedResultFactory
from feedback.tests.factories import QuestionFactory, ResponseFactory, answer


@pytest.mark.django_db
def test_the_factories_build_the_chain_from_promise_to_answer() -> None:
    measure: Any = MeasureFactory(goal=90)
    question: Any = QuestionFactory(measure=measure)
    stored = answer(ResponseFactory(version=question.version), question, 1)
    result: Any = RecordedResultFactory()
    assert stored.measure == measure
    assert measure.standard.provable(stored.day)
    assert result.is_tracked

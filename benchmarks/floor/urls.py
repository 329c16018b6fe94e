from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path

from benchmarks.floor.models import Answer, Question, Response


class CardForm(forms.Form):
    """One field a question, built from the database on every visit."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in Question.objects.order_by("pk"):
            if question.choices:
                self.fields[question.key] = forms.ChoiceField(
                    label=question.wording,
                    choices=[(str(value), str(value)) for value in question.choices],
                    widget=forms.RadioSelect,
                )
            else:
                self.fields[question.key] = forms.CharField(
                    label=question.wording, widget=forms.Textarea, required=False
                )


def card(request: HttpRequest) -> HttpResponse:
    form = CardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        response = Response.objects.create()
        for question in Question.objects.all():
            if form.cleaned_data[question.key]:
                Answer.objects.create(
                    response=response, question=question, text=form.cleaned_data[question.key]
                )
        return redirect("thanks", response.pk)
    return render(request, "floor/form.html", {"form": form})


def thanks(request: HttpRequest, number: int) -> HttpResponse:
    return render(request, "floor/thanks.html", {"response": get_object_or_404(Response, pk=number)})


urlpatterns = [path("", card), path("thanks/<int:number>/", thanks, name="thanks")]

from django.db import models


class Question(models.Model):
    key = models.SlugField(unique=True)
    wording = models.CharField(max_length=200)
    choices = models.JSONField(default=list)

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return self.wording


class Response(models.Model):
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return str(self.pk)


class Answer(models.Model):
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.CASCADE)
    text = models.TextField()

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return self.text

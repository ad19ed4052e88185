"""Two lists: what respondents open, and what those who ask open."""

from django.urls import URLPattern

app_name = "surveys"
respondents: list[URLPattern] = []
owners: list[URLPattern] = []
urlpatterns = [*owners, *respondents]

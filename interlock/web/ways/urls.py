from django.urls import URLPattern

app_name = "ways"
urlpatterns: list[URLPattern] = []

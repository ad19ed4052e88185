"""A picture's addresses: `<hash>.webp`, and `<hash>-small.webp` for lists."""

from django.urls import re_path

from interlock.web.files import views

app_name = "files"
urlpatterns = [
    re_path(r"^(?P<sha256>[0-9a-f]{64})\.webp$", views.picture, name="picture"),
    re_path(
        r"^(?P<sha256>[0-9a-f]{64})-small\.webp$", views.picture, {"small": True}, name="small"
    ),
]

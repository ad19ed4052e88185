from django.urls import path

from interlock.web.voting import views

app_name = "voting"
urlpatterns = [
    path("receipt/", views.check, name="check"),
    path("receipt/<str:code>/", views.receipt, name="receipt"),
]

from django.urls import path

from floor import views

urlpatterns = [
    path("hello", views.hello),
    path("one", views.one_query),
    path("rows/<str:page>", views.rows),
    path("vote", views.vote),
]

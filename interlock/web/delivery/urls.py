from django.urls import path

from interlock.web.delivery.views import agreeing, awarding, stories

app_name = "delivery"
urlpatterns = [
    path("awards/<int:number>/", awarding.award, name="award"),
    path("agreements/<int:number>/", agreeing.agreement, name="agreement"),
    path("<slug:slug>/<str:ref>/", stories.delivery, name="delivery"),
]

from django.urls import path

from interlock.web.delivery.views import agreeing, awarding, stories, sums

app_name = "delivery"
urlpatterns = [
    # What it adds up to, and what may be taken away.
    path("sums/", sums.sums, name="sums"),
    path("sums.csv", sums.sums_csv, name="sums_csv"),
    path("sums/kept/<slug:slug>/", sums.kept, name="kept"),
    path("sums/kept/<slug:slug>/<int:year>/<str:currency>/", sums.say, name="say_kept"),
    path("coop-contracts.csv", sums.coop_contracts_csv, name="coop_contracts"),
    path("<slug:slug>/ocds.json", sums.ocds_json, name="ocds"),
    path("<slug:slug>/records.json", sums.records_json, name="records"),
    path("<slug:slug>/grants.csv", sums.grants_csv, name="grants"),
    path("<slug:slug>/sums/", sums.overview, name="overview"),
    path("<slug:slug>/projects.csv", sums.projects_csv, name="projects_csv"),
    path("awards/<int:number>/", awarding.award, name="award"),
    path("agreements/<int:number>/", agreeing.agreement, name="agreement"),
    path("<slug:slug>/<str:ref>/", stories.delivery, name="delivery"),
]

from django.urls import path

from interlock.web.observatory import lists, policies, portraits, potential, views

app_name = "observatory"
urlpatterns = [
    path("", views.home, name="home"),
    path("profile/", views.profile, name="profile"),
    path("profile/<slug:place>/", views.profile, name="profile"),
    path("profile.csv", views.numbers, name="profile_csv"),
    path("profile/<slug:place>/measures.csv", views.numbers, name="profile_csv"),
    path("profile.pdf", views.paper, name="profile_paper"),
    path("profile/<slug:place>/report.pdf", views.paper, name="profile_paper"),
    path("network.zip", views.package, name="profile_package"),
    path("network.json", views.records, name="profile_records"),
    path("profile/<slug:place>/network.json", views.records, name="profile_records"),
    path("institution/<slug:slug>/", portraits.institution, name="institution"),
    path("institution/<slug:slug>/measures.csv", portraits.table, name="institution_csv"),
    path("held/", lists.every_held, name="every_held"),
    path("held/<str:code>/", lists.held, name="held"),
    path("held/<str:code>/<str:name>", lists.held_file, name="held_file"),
    path("lists/", lists.ask, name="ask"),
    path("lists/<str:code>/", lists.asked, name="asked"),
    path("lists/<str:code>/take-back/", lists.take_back, name="take_back"),
    path("lists/<str:code>/<str:name>", lists.download, name="asked_file"),
    path("paradigm/", policies.paradigm, name="paradigm"),
    path("policies/", policies.listed, name="policies"),
    path("policies.csv", policies.table, name="policies_csv"),
    path("policies.json", policies.document, name="policies_json"),
    path("policies/codebook/", policies.book, name="codebook"),
    path("policies/new/", policies.new, name="new_policy"),
    path("policies/<int:number>/", policies.policy, name="policy"),
    path("policies/<int:number>/edit/", policies.edit, name="edit_policy"),
    path("policies/<int:number>/confirm/", policies.confirm, name="confirm_policy"),
    path("policies/<int:number>/withdraw/", policies.withdraw, name="withdraw_policy"),
    path("policies/<int:number>/code/", policies.code, name="code_policy"),
    path("potential/", potential.potential, name="potential"),
    path("potential.csv", potential.table, name="potential_csv"),
]

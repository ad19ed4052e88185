from django.urls import path

from interlock.web.budgets import asking, organising, views

app_name = "budgets"
urlpatterns = [
    path("", views.processes, name="processes"),
    path("new/", organising.new, name="new"),
    path("<slug:slug>/", views.process, name="process"),
    path("<slug:slug>/projects/<path:ref>/", views.project, name="project"),
    path("<slug:slug>/rulebook/", views.rulebook, name="rulebook"),
    path("<slug:slug>/ballot/", views.ballot, name="ballot"),
    path("<slug:slug>/ballot/resume/", views.resume, name="resume"),
    path("<slug:slug>/ballot/review/", views.review, name="review"),
    path("<slug:slug>/result/", views.result, name="result"),
    path("<slug:slug>/result/bundle/", views.bundle, name="bundle"),
    path("<slug:slug>/result/ballots/<slug:ref>/", views.ballots_file, name="ballots_file"),
    path("<slug:slug>/result/projects.csv", views.reasons_file, name="reasons_file"),
    path("<slug:slug>/result/rules/", asking.other_rules, name="other_rules"),
    path("<slug:slug>/what-if/", asking.what_if, name="what_if"),
    path("<slug:slug>/what-if/<slug:ref>/", asking.what_if, name="what_if_area"),
    path("<slug:slug>/what-if/<slug:ref>/<slug:key>/", asking.answer, name="what_if_answer"),
    path("<slug:slug>/organise/", organising.organise, name="organise"),
    path("<slug:slug>/organise/edit/", organising.edit, name="edit"),
    path("<slug:slug>/organise/pots/new/", organising.pot, name="new_pot"),
    path("<slug:slug>/organise/pots/<int:pk>/", organising.pot, name="edit_pot"),
    path("<slug:slug>/organise/areas/new/", organising.area, name="new_area"),
    path("<slug:slug>/organise/areas/<slug:ref>/", organising.area, name="edit_area"),
    path("<slug:slug>/organise/projects/new/", organising.project, name="new_project"),
    path("<slug:slug>/organise/projects/<path:ref>/", organising.project, name="edit_project"),
    path("<slug:slug>/organise/codes/", organising.roll, name="codes"),
    path("<slug:slug>/organise/open/", organising.open_, name="open"),
    path("<slug:slug>/organise/count/", organising.count_again, name="count_again"),
    path("<slug:slug>/organise/result/", organising.preview, name="preview"),
    path("<slug:slug>/organise/publish/", organising.publish, name="publish"),
]

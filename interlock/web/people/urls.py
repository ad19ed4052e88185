"""Signing in by e-mailed code. Only the addresses that a site without passwords needs."""

from allauth.account import views as allauth
from django.urls import path

from interlock.web.people import views

urlpatterns = [
    path("sign-in/", allauth.request_login_code, name="account_login"),
    path("sign-in/by-code/", allauth.request_login_code, name="account_request_login_code"),
    path("sign-in/code/", allauth.confirm_login_code, name="account_confirm_login_code"),
    path("sign-in/link/<str:token>/", views.sign_in_by_link, name="sign_in_by_link"),
    path("new/", allauth.signup, name="account_signup"),
    path("new/code/", views.code_of_new_account, name="account_email_verification_sent"),
    path("sign-out/", allauth.logout, name="account_logout"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
]

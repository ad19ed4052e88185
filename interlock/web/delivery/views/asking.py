"""One page for every form of this room: what is asked, and what a refusal says of it."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise

from interlock.web.files.actions import keep
from interlock.web.files.models import Picture
from interlock.web.look.refusals import Page, Refused

Label = str | Promise


def asked(
    request: HttpRequest,
    form: Any,
    act: Callable[[], object],
    *,
    title: Label,
    button: Label,
    back: Page,
    done: Label,
    lede: Label = "",
    template: str = "delivery/form.html",
    **context: object,
) -> HttpResponse:
    """Show a form, or do what it asks and go back; what is refused is told in the form."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except Refused as refusal:
            form.add_error(None, f"{refusal.reason} {refusal.remedy}".strip())
        else:
            messages.success(request, str(done))
            return redirect(back)
    told = {
        **context, "form": form, "title": title, "lede": lede, "button": button, "back": back,
        "many": form.is_multipart(),
    }  # fmt: skip
    return render(request, template, told, status=422 if form.errors else 200)


def kept(form: Any) -> Picture | None:
    """The picture that a form brings, stored."""
    file = form.cleaned_data.get("file")
    if not isinstance(file, UploadedFile):
        return None
    return keep(file=BytesIO(file.read()), size=file.size or 0, at=timezone.now())

"""A field for a picture that somebody sends."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interlock.web.files.drawing import LARGEST, LONG_SIDE


class PictureField(forms.FileField):
    """A file, not yet read: `actions.keep` reads it, and refuses what is no picture."""

    def __init__(self, **options: Any) -> None:
        options.setdefault(
            "help_text",
            gettext_lazy(
                "JPEG, PNG, WebP or GIF. It is made smaller here, and what the file tells of "
                "camera and place is taken out."
            ),
        )
        super().__init__(**options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # With these a phone hands over a JPEG, whatever format its camera writes.
        accepted = "image/jpeg,image/png,image/webp,image/gif"
        return {**super().widget_attrs(widget), "accept": accepted}

    def clean(self, data: Any, initial: Any = None) -> Any:
        found = super().clean(data, initial)
        if isinstance(found, UploadedFile) and (found.size or 0) > LARGEST:
            told = {"most": LARGEST // 2**20, "side": LONG_SIDE}
            raise forms.ValidationError(
                _(
                    "The file is larger than %(most)s megabytes. Make the picture smaller: "
                    "%(side)s pixels on the longer side are enough."
                )
                % told
            )
        return found

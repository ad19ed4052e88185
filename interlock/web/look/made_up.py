"""What stands with what is made up, wherever somebody may take it for real: on pages and in files."""

from django.utils.translation import gettext_lazy

#: The mark in two words, for a name in a list or a heading.
MADE_UP = gettext_lazy("Made up")
#: The sentence, where there is room for one.
INVENTED = gettext_lazy(
    "This institution is invented, for demonstration. It says nothing of any real place."
)

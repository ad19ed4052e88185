"""Templates are loaded without their indentation."""

from django.template.loader import get_template, render_to_string


def test_a_page_is_sent_without_indentation_and_words_stay_apart(db: None) -> None:
    page = render_to_string("look/not_found.html")
    assert "\n <" not in page
    assert "\n\t" not in page
    assert "<title>" in page
    written = get_template("look/not_found.html").origin.name
    with open(written) as file:
        assert "\n    <" in file.read(), "or this test would show nothing"

"""Colors of code on the site: ink and one accent by day, the same by night."""

from typing import ClassVar

from pygments.style import Style
from pygments.token import Comment, Keyword, Literal, Name, Number, Operator, String, Token


class Day(Style):
    """Dark ink on paper."""

    background_color = "#f7f3ea"
    styles: ClassVar = {
        Token: "#1b1b1e",
        Comment: "italic #6a655b",
        Keyword: "#9a3412",
        Operator.Word: "#9a3412",
        Name.Decorator: "#9a3412",
        Name.Builtin: "#1d4e6b",
        String: "#3f6212",
        Number: "#1d4e6b",
        Literal: "#1d4e6b",
        Name.Function: "#1b1b1e",
    }


class Night(Style):
    """Light ink on the dark."""

    background_color = "#202023"
    styles: ClassVar = {
        Token: "#ece9e2",
        Comment: "italic #a29d92",
        Keyword: "#f0a27a",
        Operator.Word: "#f0a27a",
        Name.Decorator: "#f0a27a",
        Name.Builtin: "#9cc7df",
        String: "#b9cf8f",
        Number: "#9cc7df",
        Literal: "#9cc7df",
        Name.Function: "#ece9e2",
    }

"""The site: `sphinx-build -W docs out/docs` makes static pages of this folder, in out/docs.

Nothing on a page is fetched from elsewhere; pictures are drawn by the code above them.
"""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

project = "gradart"
author = "The gradart developers"
project_copyright = ""
html_show_copyright = False
html_show_sphinx = False
html_copy_source = False
extensions = ["myst_parser", "sphinx_copybutton", "extension"]
exclude_patterns = ["extension"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
nitpicky = True
suppress_warnings = ["config.cache"]
html_theme = "furo"
html_title = "gradart"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_search_summary = False  # it would be fetched, which a browser refuses for files
html_domain_indices = False
copybutton_prompt_text = r">>> |\.\.\. |\$ "  # which a shell or a file does not want
copybutton_prompt_is_regexp = True
smartquotes = False  # shapes have three plain dots
pygments_style = "extension.colors.Day"
pygments_dark_style = "extension.colors.Night"

_SERIF = '"Iowan Old Style", "Palatino Linotype", Palatino, "Noto Serif", Georgia, serif'
_SANS = 'system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif'
html_theme_options = {
    "light_css_variables": {
        "font-stack": _SANS,
        "font-stack--headings": _SERIF,
        "color-brand-primary": "#c2410c",
        "color-brand-content": "#b93a0b",
        "color-brand-visited": "#8a3a16",
        "color-background-primary": "#fdfcf9",
        "color-background-secondary": "#f7f3ea",
        "color-code-background": "#f7f3ea",
        "color-inline-code-background": "#f3eee3",
        "color-foreground-primary": "#1b1b1e",
        "color-background-border": "#e4dfd3",
    },
    "dark_css_variables": {
        "color-brand-primary": "#f08c5a",
        "color-brand-content": "#f08c5a",
        "color-brand-visited": "#d39a7c",
        "color-background-primary": "#161618",
        "color-background-secondary": "#1c1c1f",
        "color-code-background": "#202023",
        "color-inline-code-background": "#26262a",
        "color-foreground-primary": "#ece9e2",
        "color-background-border": "#303034",
    },
}

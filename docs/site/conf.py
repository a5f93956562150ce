"""Sphinx's settings; tools/docs_site.py copies this beside the pages and runs it."""

import re
from itertools import groupby

from docutils import nodes
from docutils.utils.math import latex2mathml

import deepcomposer_edu

project = "DeepComposer EDU"
author = "The DeepComposer EDU contributors"
copyright = author
release = version = deepcomposer_edu.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
# Some pages leave a level of headings out; some names are those of several classes.
suppress_warnings = ["myst.header", "ref.python"]
autodoc_member_order = "bysource"
add_module_names = False
napoleon_numpy_docstring = False
napoleon_custom_sections = [("Keys", "params_style")]
toc_object_entries = False

html_theme = "furo"
html_title = f"{project} {release}"
html_static_path = ["site.css", "site.js"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_extra_path = ["extra"]
html_copy_source = False
html_show_sphinx = False
html_show_search_summary = False  # a page in a folder may not read the others
html_math_renderer = "mathml"

# A name in backticks; else a mark: a bar, a star, an underline at the end of a word.
NAME = re.compile(r"(?<!`)`([^`\n]+(?:\n[^`\n]+)?)`(?!`)|[|*]|_(?=\W|$)")


def as_rst(_app, what, _name, _object, _options, lines):
    """Turn a docstring's Markdown into what Sphinx reads: names, blocks, stars."""

    def is_block(line):
        return what == "module" and line.startswith("    ")

    def is_code(line):
        # an example, with what it gives, goes on to the next empty line
        is_code.in_example = line.lstrip().startswith(">>>") or (
            is_code.in_example and bool(line.strip())
        )
        return is_block(line) or is_code.in_example

    is_code.in_example = False
    kept: list[str] = []
    for are_code, some in groupby(lines, is_code):
        text = "\n".join(some)
        if is_block(text) and kept and not kept[-1].strip():
            kept += ["::", ""]
        kept += (text if are_code else NAME.sub(in_rst, text)).split("\n")
    lines[:] = kept


def in_rst(found):
    """Return `a name` as literal text, and a mark that Sphinx would read as its own."""
    if not found[1]:
        return f"\\{found[0]}"
    # a letter right after literal text, as in "two `note`s", must be told apart
    after = found.string[found.end() :][:1]
    return f"``{found[1].strip()}``" + ("\\ " if after.isalnum() else "")


def is_borrowed(_app, _what, _name, thing, _skip, _options):
    """Leave out what a class has from another package."""
    home = getattr(thing, "__module__", None)
    is_foreign = isinstance(home, str) and not home.startswith("deepcomposer_edu")
    return True if is_foreign and callable(thing) else None


def as_mathml(translator, node):
    """Write a formula as MathML, which browsers draw and read aloud by themselves."""
    is_block = isinstance(node, nodes.math_block)
    text = node.astext().replace(r"\dots", r"\ldots")
    formula = latex2mathml.tex2mathml(text, as_block=is_block)
    tag = "div" if is_block else "span"
    translator.body.append(f'<{tag} class="math">{formula}</{tag}>')
    raise nodes.SkipNode


def in_its_language(_app, name, _template, context, _doctree):
    """Say that a lesson in another language is in that language."""
    found = re.match(r"lessons/(\w\w)/", name)
    if found:
        context["language"] = found[1]


def setup(app):
    """Add what is ours."""
    app.connect("autodoc-process-docstring", as_rst, priority=400)  # before napoleon
    app.connect("autodoc-skip-member", is_borrowed)
    app.connect("html-page-context", in_its_language)
    app.add_html_math_renderer("mathml", (as_mathml, None), (as_mathml, None))

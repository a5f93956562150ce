"""What axe finds wrong with a page."""

from __future__ import annotations

from collections.abc import Sequence

from axe_playwright_python.sync_playwright import Axe

# WCAG 2.2, levels A and AA
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


def broken_rules(page, context=None, rules: Sequence[str] = (), without=()):
    """Return a sentence for each element that breaks an accessibility rule.

    Args:
        page: Playwright's page.
        context: a selector of the part that is looked at; None: all of it.
        rules: tags of the rules, such as `WCAG`; none: all that axe has.
        without: names of rules that are left out.
    """
    options = {
        "resultTypes": ["violations"],
        "rules": {rule: {"enabled": False} for rule in without},
    }
    if rules:
        options["runOnly"] = list(rules)
    found = Axe().run(page, context=context, options=options)
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found.response["violations"]
        for node in rule["nodes"]
    ]

"""What axe-core finds against a page: its rules for WCAG A and AA, and its best practice."""

from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.combinations import LOOKS, Look

AXE = (Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]

# A colour half way from light to dark is nobody's: transitions are over before anything is measured. Without `preload`,
# which would copy style sheets into the page against its policy, nothing is missed but a rule that is not asked for.
RUN = """async ([tags, exclude, undecided]) => {
    document.getAnimations().forEach(animation => animation.finish())
    const options = {runOnly: tags, preload: false, resultTypes: ["violations", "incomplete"]}
    const result = await axe.run({exclude}, options)
    const unsure = result.incomplete.filter(({id}) => undecided.includes(id))
    return [...result.violations, ...unsure].flatMap(({id, impact, nodes}) =>
        nodes.map(({target, failureSummary}) => [id, impact, target.flat().join(" "), failureSummary]))
}"""


def violations(
    page: Page, *, looks: Iterable[Look] = LOOKS, exclude: tuple[str, ...] = (), undecided: tuple[str, ...] = ()
) -> list[str]:
    """What is wrong with the page as it stands, in each of the looks.

    A line for each element tells where, the rule and its impact, the element's selector and how it fails. What matches
    a selector in `exclude` is not looked at. What axe cannot decide is told too for the rules in `undecided`, so that
    somebody looks at it. The page is left in the last look.
    """
    page.evaluate(AXE)
    found = []
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": 740})
        page.emulate_media(color_scheme=scheme)
        found += [
            f"{page.url} {width}px {scheme}: {rule} ({impact}) {target}: {' '.join(summary.split())}"
            for rule, impact, target, summary in page.evaluate(RUN, [TAGS, list(exclude), list(undecided)])
        ]
    return found


# Arrows and marks stand beside what is typed, not behind it; without them, and with something typed, axe can tell.
TELL_APART = """() => {
    const fields = "input:not([type=checkbox], [type=radio], [type=hidden]), select"
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(`:is(${fields}) { background-image: none !important }`)
    document.adoptedStyleSheets.push(sheet)
    window.emptyFields = [...document.querySelectorAll("input[type=text], input[type=email]")].filter(one => !one.value)
    emptyFields.forEach(field => field.value = "x")
}"""
AS_BEFORE = """() => {
    document.adoptedStyleSheets.pop()
    emptyFields.forEach(field => field.value = "")
}"""
# Where axe cannot tell what stands behind a text, somebody has to look.
CONTRAST = ("color-contrast",)


def violations_and_doubts(page: Page, looks: Iterable[Look] = LOOKS) -> list[str]:
    """What is wrong with the page, and texts of which it is not certain that they can be read."""
    page.evaluate(TELL_APART)
    found = violations(page, looks=looks, undecided=CONTRAST)
    page.evaluate(AS_BEFORE)
    return found

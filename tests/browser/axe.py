"""What axe-core finds against a page: its rules for WCAG A and AA, and its best practice."""

from pathlib import Path

from playwright.sync_api import Page

AXE = (Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
WIDTHS = (360, 1440)
COLOR_SCHEMES = ("light", "dark")

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
    page: Page, *, media=COLOR_SCHEMES, widths=WIDTHS, exclude: tuple[str, ...] = (), undecided: tuple[str, ...] = ()
) -> list[str]:
    """What is wrong with the page as it stands, in each colour scheme at each width in pixels.

    A line for each element tells where, the rule and its impact, the element's selector and how it fails. What matches
    a selector in `exclude` is not looked at. What axe cannot decide is told too for the rules in `undecided`, so that
    somebody looks at it. The page is left at the last width.
    """
    page.evaluate(AXE)
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 740})
        for scheme in media:
            page.emulate_media(color_scheme=scheme)
            found += [
                f"{page.url} {width}px {scheme}: {rule} ({impact}) {target}: {' '.join(summary.split())}"
                for rule, impact, target, summary in page.evaluate(RUN, [TAGS, list(exclude), list(undecided)])
            ]
    return found

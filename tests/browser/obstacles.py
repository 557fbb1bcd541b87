"""What keeps somebody out of a page: found in the browser, by what it lays out and where the keyboard leads."""

# Where the page scrolls sideways: the first elements that reach beyond its edge.
BEYOND = """() => {
    const root = document.scrollingElement
    if (root.scrollWidth <= root.clientWidth) return []
    return [...document.querySelectorAll("body :not(svg *)")]
        .filter(element => element.getBoundingClientRect().right > root.clientWidth + 1)
        .slice(0, 5)
        .map(element => `${element.localName}.${element.getAttribute("class")} reaches beyond ${root.clientWidth} px`)
        .concat(["the page scrolls sideways"])
}"""
MOVING = """() => [...document.querySelectorAll("*")].flatMap(element => {
    const seconds = text => Math.max(...text.split(",").map(parseFloat))
    const style = getComputedStyle(element)
    const long = [style.transitionDuration, style.animationDuration].some(text => seconds(text) > 0.01)
    return long || style.scrollBehavior === "smooth" ? [`${element.localName}.${element.className} moves`] : []
})"""
# WCAG 2.5.8: 24 px, or in a line of text, or with nothing else within the circle of 24 px around its middle.
SMALL_TARGETS = """() => {
    const name = element => `${element.localName}.${element.className} “${element.innerText || element.name}”`
    const isInText = element => element.localName === "a" && getComputedStyle(element).display === "inline"
        && element.parentElement.innerText.trim() !== element.innerText.trim()
    const box = element => {
        const label = element.matches("input[type=checkbox], input[type=radio]") && element.labels[0]
        const boxes = [element, label].filter(Boolean).map(one => one.getBoundingClientRect())
        const [left, top] = ["left", "top"].map(side => Math.min(...boxes.map(one => one[side])))
        const [right, bottom] = ["right", "bottom"].map(side => Math.max(...boxes.map(one => one[side])))
        return {left, top, right, bottom, width: right - left, height: bottom - top}
    }
    const targets = [...document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea, summary")]
        .filter(element => element.checkVisibility({visibilityProperty: true}))
        .filter(element => !element.closest(".honeypot, .skip-link"))
        .map(element => ({element, ...box(element)}))
    const isSmall = target => target.width < 24 || target.height < 24
    const middle = ({left, top, width, height}) => [left + width / 2, top + height / 2]
    const isNear = (one, other) => {
        const [x, y] = middle(one)
        const dx = Math.max(other.left - x, 0, x - other.right), dy = Math.max(other.top - y, 0, y - other.bottom)
        const [ox, oy] = middle(other)
        return Math.hypot(dx, dy) < 12 || (isSmall(other) && Math.hypot(ox - x, oy - y) < 24)
    }
    return targets
        .filter(target => isSmall(target) && !isInText(target.element))
        .filter(target => targets.some(other => other !== target && isNear(target, other)))
        .map(({element, width, height}) => `${name(element)} is ${width} by ${height} px, with another too near`)
}"""
# Outlines are drawn in forced colours, shadows and backgrounds are not.
WITHOUT_BORDER = """() => [...document.querySelectorAll(".btn, button, input, select, textarea")]
    .filter(element => element.checkVisibility() && element.type !== "hidden" && !element.closest(".honeypot"))
    .filter(element => {
        const style = getComputedStyle(element)
        const isDrawn = parseFloat(style.borderTopWidth) > 0 && style.borderTopStyle !== "none"
        return !isDrawn && !(parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== "none")
    })
    .map(element => `${element.localName}.${element.className} has no border in forced colours`)"""


# How each element looks without the focus.
LOOK = """() => {
    window.look = element => {
        const {outlineStyle, outlineWidth, outlineColor, boxShadow, borderTopColor} = getComputedStyle(element)
        const outline = outlineStyle === "none" ? "" : `${outlineStyle} ${outlineWidth} ${outlineColor}`
        return `${outline} ${boxShadow} ${matchMedia("(forced-colors: active)").matches ? borderTopColor : ""}`
    }
    document.body.tabIndex = -1
    document.body.focus()
    document.body.removeAttribute("tabindex")
    window.unfocused = new Map([...document.querySelectorAll("*")].map(element => [element, look(element)]))
}"""
START = f"() => {{ ({LOOK})(); window.visited = new Set(); scrollTo(0, 0) }}"
# Whether the element with the focus looks another way than without it, and is in the window with nothing over it.
# A date field marks the one of its parts that has the focus, where no script can look.
STOP = """() => {
    const element = document.activeElement
    if (element === document.body) return null
    const isNew = !visited.has(element), isFirst = element === [...visited][0]
    visited.add(element)
    const {left, top, width, height} = element.getClientRects()[0]
    const within = y => Math.min(Math.max(y, 1), innerHeight - 1)
    const over = document.elementFromPoint(left + width / 2, within(top + height / 2))
    const isSeen = over !== null && (element.contains(over) || over.contains(element))
    const name = `${element.localName} “${element.innerText.trim() || element.name || element.id}”`
    const isMarked = look(element) !== unfocused.get(element) || element.type === "date"
    return {name, isNew, isFirst, isMarked, isSeen}
}"""
# Of what the keyboard visited before, so that the browser still marks the focus as it does for a keyboard.
UNMARKED = """() => [...visited]
    .filter(element => {
        element.focus()
        return look(element) === unfocused.get(element) && element.type !== "date"
    })
    .map(({localName, innerText, name, id}) => `${localName} “${innerText.trim() || name || id}”`)"""
# A radio group is one stop.
UNREACHED = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter(element => element.tabIndex >= 0 && !element.disabled && element.type !== "hidden")
    .filter(element => element.checkVisibility() && !visited.has(element))
    .filter(({type, name}) => type !== "radio" || ![...visited].some(other => other.name === name))
    .map(element => `${element.localName} “${element.innerText.trim() || element.name}” is not reached`)"""
MOST_STOPS = 200


def at_width(page, width: int, *, text: str = "100%") -> list[str]:
    """What scrolls sideways in a window of this width in pixels, with the text this large."""
    page.set_viewport_size({"width": width, "height": 740})
    page.evaluate("size => document.documentElement.style.fontSize = size", text)
    found = [f"{width} px, text {text}: {line}" for line in page.evaluate(BEYOND)]
    page.evaluate("document.documentElement.style.fontSize = ''")
    return found


def at_rest(page) -> list[str]:
    """What moves although the visitor asked that nothing does."""
    page.emulate_media(reduced_motion="reduce")
    return page.evaluate(MOVING)


def in_forced_colours(page) -> list[str]:
    """Buttons and fields without an edge where the system draws text and borders in colours of its own.

    And what does not show there that it has the focus, of all that `by_keyboard` visited.
    """
    page.emulate_media(forced_colors="active")
    found = page.evaluate(WITHOUT_BORDER)
    page.evaluate(LOOK)
    for name in page.evaluate(UNMARKED):
        found.append(f"forced colours: {name} does not show that it has the focus")
    page.emulate_media(forced_colors="none")
    return found


def under_a_finger(page) -> list[str]:
    """Targets too small or too near to each other, on a phone and on a desktop."""
    found = []
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 740})
        found += [f"{width} px: {line}" for line in page.evaluate(SMALL_TARGETS)]
    return found


def by_keyboard(page, key: str = "Tab") -> list[str]:
    """What the key passes by, where the focus cannot be seen, and where it does not get out of."""
    page.evaluate(START)
    found = []
    for _number in range(MOST_STOPS):
        page.keyboard.press(key)
        stop = page.evaluate(STOP)
        if stop is None or (stop["isFirst"] and not stop["isNew"]):
            return [*dict.fromkeys(found), *page.evaluate(UNREACHED)]
        found += [] if stop["isMarked"] else [f"{stop['name']} does not show that it has the focus"]
        found += [] if stop["isSeen"] else [f"{stop['name']} has the focus out of sight"]
    return [f"{key} does not get out of the page"]


def obstacles(page) -> list[str]:
    """Everything here that keeps somebody out. 320 px are also 1280 px enlarged to 400 %."""
    return [
        *at_rest(page),
        *at_width(page, 320),
        *at_width(page, 360, text="200%"),
        *under_a_finger(page),
        *by_keyboard(page),
        *in_forced_colours(page),
    ]

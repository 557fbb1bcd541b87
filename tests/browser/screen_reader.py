"""What the browser tells a screen reader of the controls on a page."""

CONTROLS = {"textbox", "checkbox", "radio", "combobox", "Date", "DateTime", "spinbutton", "radiogroup", "group"}


def read_out(page) -> list[dict]:
    """What is told of each control and group of them, with the element's id."""
    browser = page.context.new_cdp_session(page)
    browser.send("Accessibility.enable")
    told = []
    for node in browser.send("Accessibility.getFullAXTree")["nodes"]:
        if node.get("role", {}).get("value") in CONTROLS and not node["ignored"]:
            element = browser.send("DOM.describeNode", {"backendNodeId": node["backendDOMNodeId"]})["node"]
            if element["localName"] == "details":
                continue  # a group to the browser, named by nothing
            attributes = element.get("attributes", [])
            told.append(
                {one["name"]: one["value"].get("value") for one in node["properties"]}
                | {"id": dict(zip(attributes[::2], attributes[1::2], strict=True)).get("id")}
                | {name: node.get(name, {}).get("value", "") for name in ("name", "description")}
            )
    browser.send("Accessibility.disable")
    browser.detach()
    return told


def untold(page) -> list[str]:
    """Controls without a name, and errors and hints in the page's form that no control is told with."""
    told = read_out(page)
    found = [f"a control without a name: {one}" for one in told if not one["name"]]
    if page.locator("form.sign-up").count() and not told:
        found.append("a form without a control")
    heard = [" ".join(one["description"].split()) for one in told]
    for note in page.locator("main form .invalid-feedback, main form .form-text").all():
        text = " ".join(note.inner_text().split())
        if note.is_visible() and not any(text in description for description in heard):
            found.append(f"“{text}” is told with no control")
    return found

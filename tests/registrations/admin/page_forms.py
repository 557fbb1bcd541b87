"""The form of a page in the admin as a browser reads and posts it."""

from html.parser import HTMLParser


class FormReader(HTMLParser):
    """Collects what a browser sends when nothing is changed: of the form with `id` alone."""

    def __init__(self, id: str):
        super().__init__()
        self.id, self.is_inside = id, False
        self.data: dict[str, str | list[str]] = {}
        self.options: dict[str, list[str]] = {}
        self.select = self.text_area = None

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        name, kind = values.get("name"), values.get("type", "text")
        if tag == "form":
            self.is_inside = values.get("id") == self.id
        elif not self.is_inside or "disabled" in values:
            return
        elif tag == "select":
            self.select, self.options[name] = (name, "multiple" in values), []
            self.data[name] = [] if "multiple" in values else ""
        elif tag == "option" and self.select:
            self.add_option(values)
        elif tag == "textarea":
            self.text_area, self.data[name] = name, ""
        elif tag == "input" and name and kind not in ("submit", "file"):
            if kind in ("checkbox", "radio"):
                self.options.setdefault(name, []).append(values.get("value", "on"))
                if "checked" not in values:
                    return
            value = values.get("value", "on" if kind == "checkbox" else "") or ""
            is_one_of_several = kind == "checkbox" and values.get("value", "on") != "on"
            self.data[name] = [*self.data.get(name, []), value] if is_one_of_several else value

    def add_option(self, values: dict) -> None:
        name, is_multiple = self.select
        self.options[name].append(values.get("value", ""))
        if "selected" in values:
            self.data[name] = [*self.data[name], values["value"]] if is_multiple else values["value"]

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = None
        elif tag == "textarea" and self.text_area:
            self.data[self.text_area] = self.data[self.text_area].removeprefix("\n")
            self.text_area = None

    def handle_data(self, data):
        if self.text_area:
            self.data[self.text_area] += data


def read_form(client, address: str) -> FormReader:
    """Open the page of a row, and return its form."""
    response = client.get(address)
    assert response.status_code == 200, response
    return read_form_again(response)


def read_form_again(response) -> FormReader:
    """Return the form of a page that came back, for example because it was refused."""
    reader = FormReader(f"{response.context['opts'].model_name}_form")
    reader.feed(response.content.decode())
    return reader

"""Markdown as plain text: no asterisks, links as “text: address”, lists as lists."""

from collections.abc import Iterable, Sequence
from textwrap import indent

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode


def render_plain_text(tokens: Sequence[Token]) -> str:
    """The parsed Markdown as plain text, its paragraphs parted by empty lines."""
    return render_blocks(SyntaxTreeNode(tokens).children)


def render_blocks(nodes: Iterable[SyntaxTreeNode], *, is_tight: bool = False) -> str:
    blocks = filter(None, map(render_block, nodes))
    return ("\n" if is_tight else "\n\n").join(blocks)


def render_block(node: SyntaxTreeNode) -> str:
    match node.type:
        case "paragraph" | "heading":
            return render_inline(node.children[0].children)
        case "bullet_list":
            return render_list(node, ["- "] * len(node.children))
        case "ordered_list":
            first = node.attrs.get("start", 1)
            return render_list(node, [f"{first + number}. " for number in range(len(node.children))])
        case "blockquote":
            return indent(render_blocks(node.children), "> ", lambda line: True)
        case "hr":
            return "---"
        case _:
            return node.content.rstrip("\n")  # code, as it was written


def render_list(node: SyntaxTreeNode, bullets: list[str]) -> str:
    is_tight = all(child.hidden for item in node.children for child in item.children if child.type == "paragraph")
    items = [
        bullet + indent(render_blocks(item.children, is_tight=is_tight), " " * len(bullet)).lstrip()
        for item, bullet in zip(node.children, bullets, strict=True)
    ]
    return ("\n" if is_tight else "\n\n").join(items)


def render_inline(nodes: Iterable[SyntaxTreeNode]) -> str:
    return "".join(map(render_inline_node, nodes))


def render_inline_node(node: SyntaxTreeNode) -> str:
    match node.type:
        case "link":
            return render_link(node)
        case "em" | "strong":
            return render_inline(node.children)
        case "softbreak" | "hardbreak":
            return "\n"
        case _:
            return node.meta.get("text", node.content)


def render_link(node: SyntaxTreeNode) -> str:
    """The text and the address of a link; the address alone where the text is the same."""
    text, address = render_inline(node.children), node.attrs["href"].removeprefix("mailto:")
    return address if text in (address, "") else f"{text}: {address}"

import itertools
import re

from conference.event_banner import HEIGHT, SHADES, WIDTH, draw_shelf

TITLE = "Bibliotēkas – pārliecinošas mūžizglītības projektu rezultātu popularizētājas"


def find_left_edges(paths: dict[str, str]) -> list[tuple[int, str]]:
    """Where each book stands, from left to right, with its shade."""
    return sorted(
        (int(x), shade) for shade, path in paths.items() if shade != "bands" for x in re.findall(r"M(\d+) 112", path)
    )


def test_the_same_title_always_gives_the_same_shelf():
    assert draw_shelf(TITLE) == draw_shelf(TITLE)
    assert draw_shelf(TITLE) != draw_shelf(f"{TITLE}!")


def test_the_shelf_is_full_and_nothing_stands_beyond_it():
    for title in (TITLE, "A", "Nebeidzamība" * 40, "", "     ", "a " * 500):
        edges = [x for x, _shade in find_left_edges(draw_shelf(title))]
        assert edges[0] <= 16
        assert WIDTH - 80 < edges[-1] < WIDTH


def test_no_two_books_of_one_shade_stand_side_by_side():
    shades = [shade for _x, shade in find_left_edges(draw_shelf(TITLE))]
    assert set(shades) == {str(number) for number in range(1, SHADES + 1)}
    assert all(one != next_one for one, next_one in itertools.pairwise(shades))


def test_nothing_of_the_title_gets_into_the_drawing():
    for path in draw_shelf('"/><script>alert(1)</script>').values():
        assert re.fullmatch(r"[Mmhvlz0-9 -]*", path)


def test_books_fit_under_the_edge():
    heights = [int(high) for path in draw_shelf(TITLE).values() for high in re.findall(r"112v-(\d+)", path)]
    assert max(heights) < HEIGHT

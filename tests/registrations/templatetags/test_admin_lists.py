"""What the admin's lists need beside the stock tags."""

from django.utils.safestring import SafeString

from registrations.templatetags.admin_lists import label_cells


def test_a_cell_carries_the_title_of_its_column_as_text():
    cells = [SafeString('<td class="field-a">1 2</td>'), SafeString('<th class="field-b"><a href="/">3</a></th>')]
    headers = [{"text": 'lunch "&" tea'}, {"text": SafeString('<span><input type="checkbox" id="all"></span>')}]
    assert list(label_cells(cells, headers)) == [
        '<td data-column="Lunch &quot;&amp;&quot; tea" class="field-a">1 2</td>',
        '<th data-column="" class="field-b"><a href="/">3</a></th>',
    ]

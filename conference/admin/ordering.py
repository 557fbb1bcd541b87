"""The order of rows on a page: arrows by script, a number without it; new rows come last."""

from django.forms import BaseInlineFormSet, NumberInput, Script


class PositionWidget(NumberInput):
    """The number of a row among the others, which two buttons replace where scripts run."""

    template_name = "admin/widgets/position.html"

    class Media:
        js = [Script("js/ordering.js", type="module")]


class OrderedFormSet(BaseInlineFormSet):
    """Rows with a `position`: a new one whose position nobody chose comes after those that there are.

    A new row with nothing but a position, which it gets when others are moved past it, is an empty one.
    """

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if not form.instance.pk:
            form.fields["position"].has_changed = lambda initial, data: False

    def save_new(self, form, commit=True):
        if not form.instance.position:
            form.instance.position = 1 + max((row.instance.position for row in self.forms), default=0)
        return super().save_new(form, commit)

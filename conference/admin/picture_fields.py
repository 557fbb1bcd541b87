"""The form field for a picture in the admin: a file, with a preview of the current one and a way to clear it."""

from django.contrib import messages
from django.contrib.admin.widgets import AdminFileWidget
from django.forms import FileField, ModelForm
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext, gettext_lazy

from conference.models import Picture
from conference.pictures.picture_files import (
    FORMATS,
    LOGO_SIDE,
    PICTURE_SIDE,
    delete_unused_pictures,
    read_picture,
    store_picture,
)

PREVIEW_SIDE = 240
# The proportions of an event's picture on a large screen (.event-picture in site.css).
BAND = {"width": PREVIEW_SIDE, "height": PREVIEW_SIDE * 3 // 10}
PICTURE_ADVICE = gettext_lazy(
    "Use a picture about three times as wide as it is tall and at least {width} pixels wide. On large "
    "screens the page shows a band across the middle, as in this preview; on phones it shows more. When "
    "the page is shared, an upright section from the middle is shown."
)


class PictureWidget(AdminFileWidget):
    """Shows a preview of the current picture; as a band, the part of it that the page shows on a large screen."""

    template_name = "admin/widgets/picture.html"
    is_band = False

    def __init__(self, attrs=None):
        accepted = [f"image/{name.lower()}" for name in FORMATS]
        super().__init__({"accept": ",".join([*accepted, "image/svg+xml"]), **(attrs or {})})

    def is_initial(self, value) -> bool:
        return isinstance(value, Picture)

    def get_context(self, name, value, attrs) -> dict:
        context = super().get_context(name, value, attrs) | {"is_band": self.is_band}
        if self.is_initial(value):
            scale = min(1, PREVIEW_SIDE / max(value.width, value.height))
            context |= {"width": round(value.width * scale), "height": round(value.height * scale)}
            context |= BAND if self.is_band else {}
        return context


class PictureField(FileField):
    """Returns the current Picture if no file is chosen, an unsaved one for a file, and None to clear it."""

    widget = PictureWidget

    def __init__(self, *, is_logo: bool, **options):
        super().__init__(**options)
        self.side = LOGO_SIDE if is_logo else PICTURE_SIDE
        self.widget.is_band = not is_logo

    def to_python(self, data) -> Picture | None:
        file = super().to_python(data)
        return read_picture(file, side=self.side) if file else None

    def clean(self, data, initial=None) -> Picture | None:
        return super().clean(data, initial) or None

    def bound_data(self, data, initial):
        return initial  # a browser cannot send the file again; show the current picture


class PictureForm(ModelForm):
    """The form of a model with a `picture`, which should be loaded with select_related."""

    def get_initial_for_field(self, field, field_name):
        is_picture = isinstance(field, PictureField)
        return self.instance.picture if is_picture else super().get_initial_for_field(field, field_name)


class PictureFieldMixin:
    """For a ModelAdmin or an inline of a model with a `picture`, which is a logo or shown in a band."""

    form = PictureForm
    picture_is_logo = False

    def get_queryset(self, request):
        return super().get_queryset(request).with_picture()

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.remote_field.model is not Picture:
            return super().formfield_for_foreignkey(db_field, request, **kwargs)
        help_text = db_field.help_text
        if not self.picture_is_logo:
            help_text = format_lazy("{} {}", help_text, format_lazy(PICTURE_ADVICE, width=PICTURE_SIDE))
        label = capfirst(db_field.verbose_name)
        return PictureField(is_logo=self.picture_is_logo, label=label, help_text=help_text, required=False)


class PictureStorageMixin(PictureFieldMixin):
    """For a ModelAdmin: stores the pictures chosen on its page and in its inlines, and deletes what nothing shows."""

    def save_model(self, request, obj, form, change):
        picture = store_chosen_picture(form)
        if picture and picture.height > picture.width:
            text = gettext(
                "The picture is taller than it is wide. On large screens only a narrow band across the "
                "middle is shown; please look at the page, or choose a wide picture."
            )
            messages.warning(request, text)
        if picture and max(picture.width, picture.height) < PICTURE_SIDE:  # larger ones were scaled down to this
            text = gettext(
                "The picture is only %(number)d pixels wide, so it will look blurred on large screens. "
                "Please choose one that is at least %(least)d pixels wide if you have it."
            )
            messages.warning(request, text % {"number": picture.width, "least": PICTURE_SIDE})
        super().save_model(request, obj, form, change)

    def save_formset(self, request, form, formset, change):
        for row_form in formset.forms:
            store_chosen_picture(row_form)
        super().save_formset(request, form, formset, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        delete_unused_pictures()

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        delete_unused_pictures()

    def delete_queryset(self, request, queryset):
        super().delete_queryset(request, queryset)
        delete_unused_pictures()


def store_chosen_picture(form) -> Picture | None:
    """Store the picture that was uploaded with the valid `form`, if any, and assign it to the form's instance."""
    chosen = form.cleaned_data.get("picture")
    if not chosen or chosen.pk:
        return None
    form.instance.picture = store_picture(chosen)
    return form.instance.picture

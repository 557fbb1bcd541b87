"""The form field for a picture in the admin: a file, with a preview of the current one and a way to clear it."""

from collections.abc import Iterator

from django.contrib import messages
from django.contrib.admin.widgets import AdminFileWidget
from django.forms import FileField, ModelForm
from django.template.loader import render_to_string
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext, gettext_lazy

from conference.models import Picture
from conference.pictures import FORMATS, LOGO_SIDE, PICTURE_SIDE, delete_unused_pictures, read_picture, store_picture

PREVIEW_SIDE = 240
# The proportions of an event's picture on a large screen (.event-picture in site.css).
BAND_WIDTH, BAND_HEIGHT = 10, 3
PICTURE_ADVICE = gettext_lazy(
    "Use a picture about three times as wide as it is tall and at least {width} pixels wide. On large "
    "screens the page shows a band across the middle, as in this preview; on phones it shows more. When "
    "the page is shared, an upright section from the middle is shown."
)


class PictureWidget(AdminFileWidget):
    """Shows a preview of the current picture."""

    preview_size: dict = {}

    def __init__(self, attrs=None):
        accepted = ",".join(f"image/{name.lower()}" for name in FORMATS)
        super().__init__({"accept": accepted, **(attrs or {})})

    def is_initial(self, value) -> bool:
        return isinstance(value, Picture)

    def render(self, name, value, attrs=None, renderer=None) -> str:
        context = self.get_context(name, value, attrs)
        if self.is_initial(value):
            scale = min(1, PREVIEW_SIDE / max(value.width, value.height))
            context |= {"width": round(value.width * scale), "height": round(value.height * scale)}
            context |= self.preview_size
        return render_to_string("admin/widgets/picture.html", context)


class CroppedPictureWidget(PictureWidget):
    """The preview shows the part of the picture that the page shows on a large screen."""

    preview_size = {"width": PREVIEW_SIDE, "height": PREVIEW_SIDE * BAND_HEIGHT // BAND_WIDTH, "is_band": True}


class PictureField(FileField):
    """Returns the current Picture if no file is chosen, an unsaved one for a file, and None to clear it."""

    widget = PictureWidget

    def __init__(self, *, side: int, **options):
        self.side = side
        super().__init__(**options)

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
        if isinstance(field, PictureField):
            return getattr(self.instance, field_name)
        return super().get_initial_for_field(field, field_name)


class PictureFieldMixin:
    """For a ModelAdmin or an inline of a model with a `picture`."""

    form = PictureForm
    picture_side = PICTURE_SIDE
    picture_widget = CroppedPictureWidget

    def get_queryset(self, request):
        return super().get_queryset(request).with_picture()

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.remote_field.model is Picture:
            return PictureField(
                side=self.picture_side,
                widget=self.picture_widget,
                label=capfirst(db_field.verbose_name),
                help_text=self.get_picture_help_text(db_field.help_text),
                required=False,
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_picture_help_text(self, text):
        return format_lazy("{} {}", text, format_lazy(PICTURE_ADVICE, width=PICTURE_SIDE))


class LogoFieldMixin(PictureFieldMixin):
    picture_side = LOGO_SIDE
    picture_widget = PictureWidget

    def get_picture_help_text(self, text):
        return text


class PictureStorageMixin(PictureFieldMixin):
    """For a ModelAdmin: stores the pictures chosen on its page and in its inlines, and deletes what nothing shows."""

    def save_model(self, request, obj, form, change):
        if picture := store_chosen_picture(form):
            for warning in get_picture_warnings(picture):
                messages.warning(request, warning)
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
    if chosen and chosen.pk is None:
        form.instance.picture = store_picture(chosen)
        return form.instance.picture
    return None


def get_picture_warnings(picture: Picture) -> Iterator[str]:
    """Yield the reasons why `picture` will not look good on an event's page."""
    if picture.height > picture.width:
        yield gettext(
            "The picture is taller than it is wide. On large screens only a narrow band across the "
            "middle is shown; please look at the page, or choose a wide picture."
        )
    if max(picture.width, picture.height) < PICTURE_SIDE:  # larger ones were scaled down to exactly this
        text = gettext(
            "The picture is only %(number)d pixels wide, so it will look blurred on large screens. "
            "Please choose one that is at least %(least)d pixels wide if you have it."
        )
        yield text % {"number": picture.width, "least": PICTURE_SIDE}

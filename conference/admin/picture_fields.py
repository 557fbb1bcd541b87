"""How organisers choose a picture in the admin: a file, with what is there now and a way to take it away."""

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
# How the page of an event shows its picture on a large screen (.event-picture in site.css): wide and low.
BAND_WIDTH, BAND_HEIGHT = 10, 3
PICTURE_ADVICE = gettext_lazy(
    "Use a picture about three times as wide as it is tall and at least {width} pixels wide. On large "
    "screens the page shows a band across the middle, as in this preview; on phones it shows more. When "
    "the page is shared, an upright section from the middle is shown."
)


class PictureWidget(AdminFileWidget):
    """Shows the picture that is there now, small."""

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
    """Shows of the picture what the page shows on a large screen."""

    preview_size = {"width": PREVIEW_SIDE, "height": PREVIEW_SIDE * BAND_HEIGHT // BAND_WIDTH, "is_band": True}


class PictureField(FileField):
    """Gives the Picture that was there when no file is chosen, an unsaved one for a file, and None to take it away."""

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
        return initial  # a browser sends a file once; what is there now is shown again


class PictureForm(ModelForm):
    """The form of a row with a `picture`, which whoever loads the row should have loaded with it."""

    def get_initial_for_field(self, field, field_name):
        if isinstance(field, PictureField):
            return getattr(self.instance, field_name)
        return super().get_initial_for_field(field, field_name)


class PictureFieldMixin:
    """For a ModelAdmin or an inline: the field for its `picture`."""

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


class PictureStorageMixin:
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
    """Store the picture that was chosen in the valid `form`, if one was, and let its row show it."""
    chosen = form.cleaned_data.get("picture")
    if chosen and chosen.pk is None:
        form.instance.picture = store_picture(chosen)
        return form.instance.picture
    return None


def get_picture_warnings(picture: Picture) -> Iterator[str]:
    """Why an event's page will not show `picture` well."""
    if picture.height > picture.width:
        yield gettext(
            "The picture is taller than it is wide. On large screens only a narrow band across the "
            "middle is shown; please look at the page, or choose a wide picture."
        )
    if max(picture.width, picture.height) < PICTURE_SIDE:  # a larger one was made smaller
        text = gettext(
            "The picture is only %(number)d pixels wide, so it will look blurred on large screens. "
            "Please choose one that is at least %(least)d pixels wide if you have it."
        )
        yield text % {"number": picture.width, "least": PICTURE_SIDE}

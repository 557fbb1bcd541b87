"""The ticket's QR code in an e-mail: a picture that comes with it, so that showing it asks no server for anything."""

from base64 import b64encode
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.html import format_html
from django.utils.translation import gettext as _

from registrations.mail.rendering import Value
from registrations.models import Registration
from registrations.tickets.ticket_codes import spell_ticket_code
from registrations.tickets.ticket_qr import build_ticket_url, render_png

IMAGE = '<img src="cid:{}" alt="{}" width="222" height="222"><br><strong>{}</strong><br>{}'


class IllustratedEmail(EmailMultiAlternatives):
    """An e-mail whose HTML shows `pictures`: beside it in multipart/related, for mail programs not to list them."""

    pictures: tuple[MIMEImage, ...] = ()

    def message(self, *args, **kwargs):
        message = super().message(*args, **kwargs)
        if self.pictures:
            [bodies] = [part for part in message.walk() if part.get_content_type() == "multipart/alternative"]
            parts = bodies.get_payload()
            parts[-1] = MIMEMultipart("related", None, [parts[-1], *self.pictures], type="text/html")
        return message


def show_ticket(registration: Registration) -> Value:
    """Return the picture, the reference and the code in letters; plain text has no picture."""
    code = spell_ticket_code(registration.ticket_code)
    texts = _("QR code of your ticket"), registration.reference, code
    return Value(
        html=format_html(IMAGE, build_content_id(registration), *texts), text=f"{registration.reference}\n{code}"
    )


def build_content_id(registration: Registration) -> str:
    return f"ticket.{registration.reference}@{urlsplit(settings.SITE_URL).hostname}"


def has_ticket(html: str, registration: Registration | None) -> bool:
    """Whether this e-mail to the person shows their ticket."""
    return registration is not None and f'src="cid:{build_content_id(registration)}"' in html


def build_picture(registration: Registration) -> MIMEImage:
    """Return the part of the e-mail that `show_ticket` shows."""
    picture = MIMEImage(render_png(build_ticket_url(registration.ticket_code)), "png")
    picture.add_header("Content-ID", f"<{build_content_id(registration)}>")
    picture.add_header("Content-Disposition", "inline", filename="ticket.png")
    return picture


def embed_picture(html: str, registration: Registration) -> str:
    """Return the HTML with the picture in it, for pages: most mail programs do not show it so."""
    picture = b64encode(render_png(build_ticket_url(registration.ticket_code))).decode()
    return html.replace(f"cid:{build_content_id(registration)}", f"data:image/png;base64,{picture}")

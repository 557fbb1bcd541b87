"""E-mail as files, for development: they contain personal links, so nobody else on the machine may read them."""

from django.conf import settings
from django.core.mail.backends.filebased import EmailBackend

from config.private_files import make_private_folder, open_private


class PrivateFolderBackend(EmailBackend):
    def __init__(self, *args, file_path=None, **kwargs):
        file_path = file_path or settings.EMAIL_FILE_PATH
        make_private_folder(file_path)
        super().__init__(*args, file_path=file_path, **kwargs)

    def open(self):
        if self.stream is not None:
            return False
        self.stream = open_private(self._get_filename(), "ab")
        return True

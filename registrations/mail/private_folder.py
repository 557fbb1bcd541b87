"""E-mail as files, for development: they contain personal links, so nobody else on the machine may read them."""

from django.core.mail.backends.filebased import EmailBackend

from config.private_files import make_private_folder, open_private


class PrivateFolderBackend(EmailBackend):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        make_private_folder(self.file_path)

    def open(self):
        if self.stream is not None:
            return False
        self.stream = open_private(self._get_filename(), "ab")
        return True

"""How style and scripts are named in production."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStorage(CompressedManifestStaticFilesStorage):
    """Names each file by its content, also where one script imports another: a page never mixes two versions."""

    support_js_module_import_aggregation = True

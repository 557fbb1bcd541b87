"""Settings: what pages of the site may load and use in a browser."""

from csp.constants import NONE, SELF

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap's check marks are data: URLs
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# What scripts in browsers can ask for and no page of this site uses (Permissions-Policy).
DENIED_FEATURES = (
    *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone", "midi"),
    *("payment", "screen-wake-lock", "usb", "xr-spatial-tracking"),
)


def add_worker_policy(headers, path: str, url: str) -> None:
    """Let a script that is started as a worker load only scripts of this site; in a page, this says nothing.

    A worker has the policy of its own response, and WhiteNoise answers for static files before our middleware.
    """
    if url.endswith(".js"):
        headers["Content-Security-Policy"] = "default-src 'none'; script-src 'self'"


WHITENOISE_ADD_HEADERS_FUNCTION = add_worker_policy

"""What html-validate finds against a page: one process of Node judges them all."""

import json
import subprocess
import sys
from pathlib import Path

NODE = Path(sys.executable).with_name("node")
PROGRAM = Path(__file__).with_name("html_validate.mjs")


class Validator:
    """To be used with `with`; ends with it."""

    def __enter__(self):
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = subprocess.Popen([NODE, PROGRAM], **pipes, encoding="utf-8")
        return self

    def __exit__(self, *_error):
        self.process.communicate()

    def complaints(self, html: str) -> list[str]:
        """What is wrong: where in the page, what, and by which rule."""
        print(json.dumps(html), file=self.process.stdin, flush=True)
        return [
            f"{one['line']}:{one['column']} {one['message']} ({one['ruleId']})"
            for one in json.loads(self.process.stdout.readline())
        ]

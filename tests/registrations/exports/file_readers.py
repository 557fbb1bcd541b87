"""Other people's programs, to read back what the exports write."""

import io
import os
import shutil
import subprocess

import openpyxl
import pytest


def read_workbook(file) -> openpyxl.Workbook:
    """As openpyxl reads the XLSX, which is closed."""
    with file:
        return openpyxl.load_workbook(io.BytesIO(file.read()))


def read_rows(sheet) -> list[list]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def read_pdf_text(pdf: bytes, *options: str) -> str:
    """As pdftotext reads the PDF."""
    return run_program("pdftotext", *options, "-", "-", content=pdf).decode()


def read_pdf_fonts(pdf: bytes) -> str:
    return run_program("pdffonts", "-", content=pdf).decode()


def run_program(program: str, *arguments: str, content: bytes = b"") -> bytes:
    if shutil.which(program) is None and not os.environ.get("CI"):
        pytest.skip(f"there is no {program} here to read it with")
    return subprocess.run([program, *arguments], input=content, capture_output=True, check=True, timeout=120).stdout


def convert_file(folder, content: bytes, extension: str, to: str, options: str) -> bytes:
    """What LibreOffice makes of a file with this content and extension when it saves it as another kind."""
    source = folder / f"list.{extension}"
    source.write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    out = folder / "out"
    run_program("soffice", profile, "--headless", options, "--convert-to", to, "--outdir", str(out), str(source))
    (made,) = out.iterdir()
    return made.read_bytes()

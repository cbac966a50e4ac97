"""The Python package exif: edits the EXIF in place."""

from importlib.metadata import version

from exif import Image
from lines import serve


def strip(photo: bytes) -> bytes:
    image = Image(photo)
    # It raises an error for a photo without EXIF.
    if image.has_exif:
        image.delete_all()
    return image.get_file()


if __name__ == "__main__":
    serve(f"exif {version('exif')}", strip)

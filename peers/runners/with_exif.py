"""The Python package exif: edits the EXIF in place."""

from importlib.metadata import version

from exif import Image
from lines import serve


def scrub(photo: bytes) -> bytes:
    image = Image(photo)
    # delete_all raises an error if the photo has no EXIF.
    if image.has_exif:
        image.delete_all()
    return image.get_file()


if __name__ == "__main__":
    serve(f"exif {version('exif')}", scrub)

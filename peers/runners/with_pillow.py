"""Pillow: decodes the photo, rotates it upright, encodes it again, and keeps the profile."""

import io

import PIL
from lines import serve
from PIL import Image, ImageOps, features


def scrub(photo: bytes) -> bytes:
    with Image.open(io.BytesIO(photo)) as image:
        profile = image.info.get("icc_profile")
        upright = ImageOps.exif_transpose(image)
    clean = io.BytesIO()
    upright.save(clean, "JPEG", quality=95, icc_profile=profile)
    return clean.getvalue()


if __name__ == "__main__":
    serve(f"Pillow {PIL.__version__} (libjpeg-turbo {features.version('libjpeg_turbo')})", scrub)

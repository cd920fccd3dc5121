"""Type of the samples: which font files stand for a house's print.

The files come with Debian's fonts-dejavu-core, fonts-dejavu-extra and fonts-liberation.
"""

from functools import cache
from pathlib import Path

from PIL import ImageFont

_FOLDERS = (
    Path("/usr/share/fonts/truetype/dejavu"),
    Path("/usr/share/fonts/truetype/liberation"),
    Path("/usr/share/fonts/truetype/liberation2"),
)
_FILES = {
    "sans": ("LiberationSans-Regular", "LiberationSans-Bold"),
    "serif": ("LiberationSerif-Regular", "LiberationSerif-Bold"),
    "typewriter": ("LiberationMono-Regular", "LiberationMono-Regular"),
    "narrow": ("LiberationSansNarrow-Regular", "LiberationSansNarrow-Bold"),
    "dejavu": ("DejaVuSans", "DejaVuSans-Bold"),
    "dejavuserif": ("DejaVuSerif", "DejaVuSerif-Bold"),
    "mono": ("DejaVuSansMono", "DejaVuSansMono-Bold"),
}


@cache
def typeface(name: str, pixels: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The font at a size in pixels.

    Raises:
        FileNotFoundError: the Debian packages named above are not installed.
    """
    stem = _FILES[name][bold]
    for folder in _FOLDERS:
        path = folder / f"{stem}.ttf"
        if path.exists():
            return ImageFont.truetype(str(path), pixels)
    raise FileNotFoundError(
        f"{stem}.ttf: install fonts-dejavu-core fonts-dejavu-extra fonts-liberation"
    )

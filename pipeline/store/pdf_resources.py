"""The two small files that every filed PDF embeds, kept here as bytes.

They are made once and never again, so that a filed PDF is the same to the byte
whatever release of a library is installed.

- ``BLANK_FONT``: a TrueType font (fontTools' FontBuilder, 1000 units an em) with
  one empty glyph, number 1, 500 wide; ascent 800, descent -200.
- ``SRGB``: the sRGB profile of Little CMS (PIL's ``ImageCms.createProfile``), its
  date set to 2026-01-01.
"""

from __future__ import annotations

import base64
import zlib


def _unpacked(text: str) -> bytes:
    return zlib.decompress(base64.b64decode(text))


BLANK_FONT = _unpacked(
    "eNqFUD1LA0EQfXt7Ro1iLAS7sIiIWCiIiARByKGlQhRbXeJdLuQuCZcLRKt0WvpDRPwFYmFhYWFpqaBg"
    "Yxfrc3bvyJeiD3b2vbezM7MLBiCNNjjE3v7K6jasG4Atkntc9GUdk2iQviS9VvJOHWiwRxVcW54spT9f"
    "iF/RWnfJ4HNsmfgbrXnXD1uso/MvKKS8WlEm9++V9mWrTn0N0mOkRVX69nlu4pn0E+m7eq0R0jnBUP0F"
    "1Ky0rm+zhaPM5hc4/1Cn72eH7f49ga4ctyMhog0inZ4zAKYdo6sNDIOzDv3CCEz8j4HqWwQ9vYhn4AIP"
    "Q/mib7K4t3r1DEWmd1NlUDS1FlEUx+j1xzsUUthNfIbp7jQGRkmxJCODWVXdHCdHYCHhBqawk/AUsjiw"
    "XBmETtmzA5H3ZLVSsEtNTwY9W7uw4EIiQAgHZXiwiQvkiUlUUUGBnBKaWge/Zvdy+d9f+w1NXFaE"
)

SRGB = _unpacked(
    "eNqVkb1Lw1AUxU9bRdFKBx1EHDJUcWhBFMRR69ClSKkVrLokr2krJGlIUqS4Ci4OBQfRxa/B/0BXwVVB"
    "EBRBxNnRr0VKPGkKLaKD9/Fyf5y8c7nvPiCY0oRud8wAuuFYmWRCWsotS10vCHA1Qha2OZtOp/BnfN75"
    "Z2/jXi38L3rzqi2AQDd5SpiWQ2Y3SK07psfb5AFRkvPkQ3LMYoPkK09XfH72uOjzu8dWNjMHBL2aUrGN"
    "lTYWJUsnj5GjulYRzX68m4RVY3GBeYh7GDYySCIBCQoqWIMGB3FmgzP73Tfe8M2jTI/g10QVFh1FlOiN"
    "Ua2wqspcoK5yaah6c/85T7swOeFXDyeAzifXfRsBunaAes11v45ct34MhB6BC6PlL3NO0x/Uay0tegBE"
    "NoGzy5am7ALnW8DggylbckMKcQcLBeD1FOjLAf03QM+KP6vmf5zcA9kNPtE1sLcPjPJ8ZPUbPitnsA=="
)

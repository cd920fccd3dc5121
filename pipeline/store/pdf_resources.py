"""The two small files that every filed PDF embeds, kept here as bytes.

They are made once and never again, so that a filed PDF is the same to the byte
whatever release of a library is installed.

- ``BLANK_FONT``: a TrueType font (fontTools' FontBuilder, 1000 units an em) of
  glyphs 500 wide that are each one line of no breadth, from as far below the base line
  as ``REACHES_DOWN`` says to as far above it as ``REACHES_UP`` says (tenths of an em);
  glyph 1 is the first of both, glyph 2 the next one down. They have no area, but a
  box: PDFium, which is Chromium's viewer, marks what it found by the boxes of glyphs.
- ``SRGB``: the sRGB profile of Little CMS (PIL's ``ImageCms.createProfile``), its
  date set to 2026-01-01.
"""

from __future__ import annotations

import base64
import zlib

REACHES_UP = (2, 4, 5, 6, 7, 8, 9, 10, 12, 14, 17, 22, 29)
REACHES_DOWN = (0, 1, 2, 3, 5, 10, 20, 29)


def _unpacked(text: str) -> bytes:
    return zlib.decompress(base64.b64decode(text))


BLANK_FONT = _unpacked(
    "eNrd119oHEUcB/DfzGzSJF17KUnDKVLvIYWqxZ4SS9FAakNFtPinahUsmKP5cyGXNF6TGqkPURb1oUL0"
    "xT7UFxWscEqoL3m4vtSC+1BFtEiFKIoVVigqdIVTjp6/3/5u5jctiO8O3N5vvrt397mZnb09UADQA8tg"
    "oPDYkzvv2QejqwBqO6Zjh2dL8xDCUQB9CPtDU5WXJpOR9SsAZhyg69vyRGl8h+77EffV8LGrjEHHgLoL"
    "68v4GCzPLiypFCtQb+DmYuXI4VL1/CKWeoX6s6WleZiBAPd3Yb8wV5qduLrx4BmAcBj7K/NHji6gC1t4"
    "gfYDWfGRrxz76Pnc8J9gTEJ7fzk+vSzPaU2lG5/CrgEN3PA1ptDajQVr0uyd/KayZBpfwXs03NiMStUK"
    "dJD2P9t17z6CLdMX2GAKEN9wfMHK/ndNZ/MA0I9blT0H9G1xG2T9QqvF29ZP3qj1wBY86k7YBQ/AfngG"
    "SlCBF+FVeBNOwvvwCazBZ/AlfIdn2e/wt+pQOXWL2qaK6n71oHpCHVKT6gX1snpdva3eVafVp+qsitU3"
    "6gf1K85hS/fofn2bvkPfq/foR/RBXdIz+ph+RZ/Q7+j39Md6TZ/TX+hL+mf9m/7LBCZnbjaDZqe5z+wz"
    "j5vnzKSZN8fNa+Ytc8p8aM6Ys+Zz87X53iTmqrkWdAf9wdbg9mAoGAkeDp4OxoIZ/mY4wzFVd29TaZyd"
    "I61TNtuiVDqudnC6209jPOmovnbRppsxzXqUhteloa5T3cz7aTMfrFLdKPppo9h1kmpaLZKmtfBWq8UP"
    "Jq2yFWm5Ym3qtJLG+lmn5ZS17CKtl4YmslpJm/mOJauVtFHsHrNaSVF72WlTp02dNnXativTpqKtizYV"
    "rSk4beppE6dNPe2606ae9rzTpqK96SGrRU5byxVpuWJt3WkljU3BaTltayOr9dIw2G+1kjbznXusVtJG"
    "sWe71UqK2prT1p227rR1p227Mm1dtJFo6542cdq6p1112rqn/cBp6572hNPWRbup12p59kjLFWm5Ym3k"
    "tJLG9EPS1nLKWh5F0npp2NFvtZI28xu6rFZS1P5htZKidsFpI6eNnDYSbSJal8bIctrI0646beRpl5w2"
    "8rQVp41Ei7+bVht52ktOmzht4rSJ07ZdmTYR7apoE9HyKGbaxNOuO23iab9y2sTTrjltItrcsNXyeJCW"
    "K9JylWkRYLWSxjhcVstpW7tutV4a8hlKWkmbeb6yklbSRjFctlpJ01pvYLU8T6TlirRcsXbdaSWNcUFb"
    "LaesZRdpvTTkOSetpM08X1lJK2mjyNcq0kqK2gtWy59AWq5Iy1WmxcVgtZLGCLBaTlnLs0taLw15FEkr"
    "aTPPq5+0kjaKvJ5IK2la29ywWn4v0nJFWq4ybVfTaSWNcWCsllPW8rWdtF4asou0kjbzPOeklbRR7C1b"
    "raRpre+K1fIqJC1XpOUq0+Jpb7WSxvjDbbWcspYFpPXSkGeXtJI287xySCtpo9g3aLWSprWB09mdWic8"
    "2r5vU5Bzd74aNmBPtY/IZfeAKujGZCsMtGsNm2CoXXdSPlouVRcmpysT1b2V0tzMgYmpxUqpCqNQxvu/"
    "KizAJN6fV2AC6734XII5/O9wAPtTsJj1q/xf4d/bP1kisqU="
)

SRGB = _unpacked(
    "eNqVkb1Lw1AUxU9bRdFKBx1EHDJUcWhBFMRR69ClSKkVrLokr2krJGlIUqS4Ci4OBQfRxa/B/0BXwVVB"
    "EBRBxNnRr0VKPGkKLaKD9/Fyf5y8c7nvPiCY0oRud8wAuuFYmWRCWsotS10vCHA1Qha2OZtOp/BnfN75"
    "Z2/jXi38L3rzqi2AQDd5SpiWQ2Y3SK07psfb5AFRkvPkQ3LMYoPkK09XfH72uOjzu8dWNjMHBL2aUrGN"
    "lTYWJUsnj5GjulYRzX68m4RVY3GBeYh7GDYySCIBCQoqWIMGB3FmgzP73Tfe8M2jTI/g10QVFh1FlOiN"
    "Ua2wqspcoK5yaah6c/85T7swOeFXDyeAzifXfRsBunaAes11v45ct34MhB6BC6PlL3NO0x/Uay0tegBE"
    "NoGzy5am7ALnW8DggylbckMKcQcLBeD1FOjLAf03QM+KP6vmf5zcA9kNPtE1sLcPjPJ8ZPUbPitnsA=="
)

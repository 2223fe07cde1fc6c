"""Colours as eyes see them: contrast, distance, and what a deficiency leaves of them."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

DEFICIENCIES: Final[dict[str, Matrix]] = {
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
"""Severity 1.0, on linear RGB. Machado, Oliveira and Fernandes, "A Physiologically-based Model for
Simulation of Color Vision Deficiency", IEEE TVCG 15 (6), 2009, 1291-1298; tables on the authors'
page https://www.inf.ufrgs.br/~oliveira/pubs_files/CVD_Simulation/CVD_Simulation.html."""

_TO_XYZ: Final[Matrix] = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
"""Linear sRGB to XYZ under D65, IEC 61966-2-1."""
_LUMINANCE: Final[Matrix] = np.array([0.2126, 0.7152, 0.0722])


def linear(value: str) -> Matrix:
    """Linear red, green and blue from 0 to 1 of a #RRGGBB."""
    channels = np.array([int(value[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(first: str, second: str) -> float:
    """WCAG 2 contrast of two colours."""
    low, high = sorted(float(_LUMINANCE @ linear(each)) for each in (first, second))
    return (high + 0.05) / (low + 0.05)


def lab(rgb: Matrix) -> Matrix:
    """CIE L*a*b* of linear RGB, against the white of D65."""
    ratio = (_TO_XYZ @ rgb) / (_TO_XYZ @ np.ones(3))
    small = (6 / 29) ** 3
    bent = np.where(ratio > small, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = bent
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def apart(first: str, second: str, deficiency: str | None = None) -> float:
    """Distance CIE76 of two colours, as normal eyes see them or those with a deficiency."""
    seen = [linear(first), linear(second)]
    if deficiency is not None:
        seen = [np.clip(DEFICIENCIES[deficiency] @ each, 0, 1) for each in seen]
    return float(np.linalg.norm(lab(seen[0]) - lab(seen[1])))

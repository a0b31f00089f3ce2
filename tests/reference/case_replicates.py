"""Replicate weights that a reference case wants made from its design."""

from typing import Any

from analysis.design import Replicates, SurveyDesign
from analysis.weighting.replicates import brr, jk1, jkn


def made_replicates(design: SurveyDesign, wanted: dict[str, Any]) -> Replicates:
    mse = bool(wanted.get("mse", False))
    match wanted["method"]:
        case "JK1":
            return jk1(design, mse=mse)
        case "JKn":
            return jkn(design, mse=mse)
        case "BRR":
            return brr(design, mse=mse)
        case "Fay":
            return brr(design, fay=float(wanted.get("rho", 0.5)), mse=mse)
    raise ValueError(f"replicates: got {wanted['method']}, expected JK1, JKn, BRR or Fay")

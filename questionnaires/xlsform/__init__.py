"""Questionnaires as XLSForm workbooks, the form that ODK, KoboToolbox and SurveyCTO read, and back without loss.

What XLSForm has words for stands in its own columns: types, wordings, ``required``, ``relevant``, ``constraint``. What
it has none for (what an option means, who counts in a rate, introductions) stands in columns and sheets whose names
start with ``civ_``, which other tools leave alone. Where both say the same thing they must agree.

Sheets come and go as rows of text; reading and writing the workbook itself is not this package's business.
"""

from questionnaires.xlsform.grids import Grid
from questionnaires.xlsform.read import ReadForm, read_form, read_xlsform
from questionnaires.xlsform.write import write_xlsform

__all__ = ["Grid", "ReadForm", "read_form", "read_xlsform", "write_xlsform"]

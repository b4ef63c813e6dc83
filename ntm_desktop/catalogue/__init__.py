"""Criteria as data: sets in YAML, provincial overlays, sets typed into a sheet, and the administrative units."""

from __future__ import annotations

from ntm_desktop.catalogue.canonical import content_hash, from_json, to_json
from ntm_desktop.catalogue.files import builtin, builtin_ids, check, load
from ntm_desktop.catalogue.paper_templates import (
    builtin_paper_templates,
    check_paper_template,
    paper_template_from,
)
from ntm_desktop.catalogue.problems import CatalogueProblem, ProblemCode
from ntm_desktop.catalogue.procedures import builtin_file, builtin_procedures, check_procedure, procedure_from
from ntm_desktop.catalogue.remarks import remarks
from ntm_desktop.catalogue.template import check_template, read_template, with_version
from ntm_desktop.catalogue.template_write import write_template
from ntm_desktop.catalogue.units import (
    all_units,
    find_unit,
    province_list,
    region_candidates,
    search_units,
    units_of,
)

__all__ = [
    "CatalogueProblem",
    "ProblemCode",
    "all_units",
    "builtin",
    "builtin_file",
    "builtin_ids",
    "builtin_paper_templates",
    "builtin_procedures",
    "check",
    "check_paper_template",
    "check_procedure",
    "check_template",
    "content_hash",
    "find_unit",
    "from_json",
    "load",
    "paper_template_from",
    "procedure_from",
    "province_list",
    "read_template",
    "region_candidates",
    "remarks",
    "search_units",
    "to_json",
    "units_of",
    "with_version",
    "write_template",
]

"""Pages that commands write: one HTML file each, which needs nothing else.

A template of `templates/` gets its words from a report. All that is put into it is text: what
users wrote never becomes HTML.
"""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

_ENVIRONMENT = Environment(
    loader=PackageLoader("rasa_joint_nlu.tools"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(template: str, **values: Any) -> str:
    """The page of a template, with these values in it."""
    return _ENVIRONMENT.get_template(template).render(**values)

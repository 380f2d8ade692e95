"""What needs a Rasa that is not installed is skipped with a reason, and not an error."""

from __future__ import annotations

from pathlib import Path
from typing import List, Optional, Union

import pytest

_OPTIONAL = (
    "rasa",
    "rasa_sdk",
    "requests",
    "sklearn",
    "sklearn_crfsuite",
    "sqlalchemy",
    "structlog",
    "tensorflow",
)
"""What comes with a Rasa only; TensorFlow and others not with each of them."""


class _Module(pytest.Module):
    def collect(self) -> List[Union[pytest.Item, pytest.Collector]]:
        try:
            return list(super().collect())
        except self.CollectError as error:
            cause = error.__cause__
            if isinstance(cause, ModuleNotFoundError) and str(cause.name).startswith(_OPTIONAL):
                pytest.skip(f"needs Rasa 3.6: {cause}", allow_module_level=True)
            raise


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> Optional[_Module]:
    """Collect a file of tests."""
    return _Module.from_parent(parent, path=module_path)

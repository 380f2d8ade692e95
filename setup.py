"""Packaging of rasa_joint_nlu."""

import re
from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).parent
VERSION = re.search(
    r'__version__ = "(.+)"', (ROOT / "rasa_joint_nlu/__init__.py").read_text()
).group(1)

setup(
    name="rasa-joint-nlu",
    version=VERSION,
    description="Joint intent classification and entity recognition for Rasa, small and fast",
    long_description=(ROOT / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    packages=find_packages(include=["rasa_joint_nlu", "rasa_joint_nlu.*"]),
    package_data={"rasa_joint_nlu": ["py.typed"]},
    python_requires=">=3.8,<3.11",
    install_requires=[
        "rasa>=3.6.20,<3.7",
        # Rasa 3.6 wants setuptools below 70.4; from 2.13 on torch wants a newer one.
        "torch>=2.4,<2.13",
        "matplotlib>=3.1",
        "numpy>=1.21",
        "scipy>=1.5",
        "safetensors>=0.4.5,<0.5",
        # Rasa brings the rest and matplotlib, too; it wants regex below 2022.11.
        "regex>=2020.6",
        "ruamel.yaml>=0.16.5",
        "tabulate>=0.8",
        # scikit-learn, which Rasa needs, brings it, too.
        "threadpoolctl>=3.1",
        "tqdm>=4.31",
    ],
    extras_require={
        # Its dictionary helps to understand Chinese.
        "zh": ["jieba>=0.42"],
        "dev": [
            "hypothesis>=6.100",
            "jieba>=0.42",
            "mypy>=1.10",
            "pytest>=8,<9",
            "pytest-cov>=5",
            "ruff>=0.6",
        ],
    },
)

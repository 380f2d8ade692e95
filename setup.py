"""Packaging of rasa_joint_nlu."""

import re
from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).parent
VERSION = re.search(
    r'__version__ = "(.+)"', (ROOT / "rasa_joint_nlu/__init__.py").read_text()
).group(1)
RASA_3_6 = 'python_version < "3.11"'
NEWER = 'python_version >= "3.11"'
ENCODER = [
    # Rasa 3.6 wants a protobuf that newer ones refuse.
    f"onnx>=1.14,<1.18; {RASA_3_6}",
    f"onnx>=1.17; {NEWER}",
    "onnxruntime>=1.16",
    # From 0.21 on there are no wheels for Python 3.8, but what pip would try to build.
    'tokenizers>=0.19,<0.21; python_version < "3.9"',
    'tokenizers>=0.19; python_version >= "3.9"',
]
SCALE = [
    # Rasa pins Dask, which goes with one release of this.
    f"distributed==2022.10.2; {RASA_3_6}",
    f"distributed>=2024.8.0; {NEWER}",
    # An older one runs what a Parquet file tells it to (CVE-2023-47248).
    "pyarrow>=14.0.1",
]
"""A cluster of Dask, and Parquet."""

setup(
    name="rasa-joint-nlu",
    version=VERSION,
    description="Joint intent classification and entity recognition for Rasa, small and fast",
    long_description=(ROOT / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    packages=find_packages(include=["rasa_joint_nlu", "rasa_joint_nlu.*"]),
    package_data={
        "rasa_joint_nlu": [
            "py.typed",
            "tools/page/static/*",
            "tools/templates/*.css",
            "tools/templates/*.html",
        ]
    },
    entry_points={"console_scripts": ["rasa-joint-nlu = rasa_joint_nlu.__main__:main"]},
    python_requires=">=3.8,<3.15",
    install_requires=[
        # Rasa 3.6 ends at Python 3.10, and caps what is below; Rasa Pro begins at 3.11. The core
        # needs neither.
        f"rasa>=3.6.21,<3.7; {RASA_3_6}",
        # Rasa 3.6 wants setuptools below 70.4; from 2.13 on torch wants a newer one.
        f"torch>=2.4,<2.13; {RASA_3_6}",
        f"torch>=2.13,<2.16; {NEWER}",
        # The page's server, and its way to a bot: Rasa 3.6 and Rasa Pro bring it, too.
        "aiohttp>=3.9.0,<4",
        "datasketch>=1.6.0",
        "jinja2>=3.0.0",
        f"numpy>=1.22,<2; {RASA_3_6}",
        f"numpy>=1.26,<3; {NEWER}",
        f"regex>=2020.6.7,<2022.11; {RASA_3_6}",
        f"regex>=2022.10.31; {NEWER}",
        f"ruamel.yaml>=0.16.5,<0.17.22; {RASA_3_6}",
        f"ruamel.yaml>=0.17.21,<0.20; {NEWER}",
        "rich>=12.0.0",
        f"safetensors>=0.4.5,<0.5; {RASA_3_6}",
        f"safetensors>=0.4.5,<0.9; {NEWER}",
        f"scipy>=1.10,<1.11; {RASA_3_6}",
        f"scipy>=1.11.2,<2; {NEWER}",
        # Older ones of these two are refused by skops, which Rasa needs.
        "tabulate>=0.8.8",
        "tqdm>=4.42.1",
        "threadpoolctl>=3.1",
    ],
    extras_require={
        "pro": [f"rasa-pro>=3.21,<3.22; {NEWER}"],
        # Its dictionary helps to understand Chinese.
        "zh": ["jieba>=0.42"],
        # To distil word vectors from a sentence transformer; newer Pythons get newer ones.
        "vectors": ["transformers>=4.40"],
        # To run a sentence transformer; onnx, to make one's graph, in training only.
        "encoder": ENCODER,
        "scale": SCALE,
        "dev": [
            *ENCODER,
            "hypothesis>=6.80",
            "jieba>=0.42",
            "mypy>=1.10",
            # Runs the tests of the pages in Chromium, which the system has to have.
            "playwright>=1.48",
            *SCALE,
            "pytest>=8,<9",
            "pytest-cov>=5",
            "pytest-xdist>=3.5",
            "ruff>=0.6",
        ],
    },
)

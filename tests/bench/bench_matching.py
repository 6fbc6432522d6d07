"""Full re-match: the engine beside PostgreSQL, DuckDB, polars, NumPy, Python and the limit in C.

`./dev bench matching [--size 10k,1k|100k,10k] [--rounds 5] [--threads 2] [--growth 7e7] [--json]`.
All engines must list the same offers with the same scores, or the run fails. They take turns round
by round. The loop in Python and `similarity()` judge a sample; the growth is that of the engine
alone, up to about so many candidate pairs.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/bench")]

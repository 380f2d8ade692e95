"""One thread for NumPy's products while a model answers.

BLAS starts as many threads as there are cores for products as small as those of one message,
which costs more than it gains; and a server has one set of them for each of its workers.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import Any, Iterator, List, Tuple

from threadpoolctl import ThreadpoolController


class OneBlasThread:
    """Holds BLAS to one thread while any thread is inside; then it has as many as before."""

    def __init__(self) -> None:
        """Find the BLAS libraries that are loaded, NumPy's among them."""
        controller = ThreadpoolController().select(user_api="blas")
        self._libraries = controller.lib_controllers
        self._lock = threading.Lock()
        self._inside = 0
        self._before: List[Tuple[Any, int]] = []

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold it for as long as the context lasts."""
        with self._lock:
            if not self._inside:
                counts = [(library, library.get_num_threads()) for library in self._libraries]
                self._before = [(library, count) for library, count in counts if count > 1]
                for library, _ in self._before:
                    library.set_num_threads(1)
            self._inside += 1
        try:
            yield
        finally:
            with self._lock:
                self._inside -= 1
                if not self._inside:
                    for library, count in self._before:
                        library.set_num_threads(count)


one_blas_thread = OneBlasThread()

"""Clients of a server that ask all at once: `python -m benchmarks.clients URL CLIENTS SECONDS`.

The texts come as a JSON list on the standard input; each client takes the next one as soon as it
has its answer. With 0 seconds each text is asked once, else all of them again and again. What came
of it is written as JSON. Nothing of Rasa is imported: clients take as little of the processor as
they can.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from collections import Counter
from typing import Any, Dict, Iterator, List, Sequence, Set

import aiohttp


async def ask(url: str, texts: Sequence[str], clients: int, seconds: float) -> Dict[str, Any]:
    """Ask for so many seconds, or each text once.

    Returns:
        milliseconds: of each request; seconds: all that it took; errors: each kind and how often;
        answers: to each text, all that are not the same.
    """
    turns = range(len(texts)) if not seconds else itertools.cycle(range(len(texts)))
    bodies = [json.dumps({"text": text}).encode() for text in texts]
    milliseconds: List[float] = []
    errors: Counter[str] = Counter()
    answers: List[Set[str]] = [set() for _ in texts]
    start = time.perf_counter()

    async def client(session: aiohttp.ClientSession, places: Iterator[int]) -> None:
        for place in places:
            began = time.perf_counter()
            if seconds and began - start > seconds:
                return
            try:
                async with session.post(url, data=bodies[place]) as response:
                    content = await response.text()
            except aiohttp.ClientError as error:
                errors[type(error).__name__] += 1
                continue
            milliseconds.append((time.perf_counter() - began) * 1e3)
            if response.status == 200:
                answers[place].add(content)
            else:
                errors[f"{response.status}: {content[:200]}"] += 1

    limits = aiohttp.ClientTimeout(total=120)
    connector = aiohttp.TCPConnector(limit=clients)
    async with aiohttp.ClientSession(connector=connector, timeout=limits) as session:
        places = iter(turns)
        await asyncio.gather(*(client(session, places) for _ in range(clients)))
    return {
        "milliseconds": milliseconds,
        "seconds": time.perf_counter() - start,
        "errors": errors,
        "answers": [sorted(found) for found in answers],
    }


if __name__ == "__main__":
    arguments = sys.argv[1], json.load(sys.stdin), int(sys.argv[2]), float(sys.argv[3])
    json.dump(asyncio.run(ask(*arguments)), sys.stdout)

"""Kinds of messages that small bots meet and benchmarks do not: joint beside Rasa's components.

    python -m benchmarks.kinds [--kinds numbers answers tables] [--pipelines joint separate diet]
                               [--seeds 1 2 3] [--out RESULTS.jsonl]

- numbers: what has digits or capitals is of another length, or script, than in training;
- answers: the whole message is one value that training never saw, as an answer to a form;
- tables: a lookup table has every annotated value, and RegexFeaturizer stands before all else.

Each kind has several small sets, made here. Printed is, for each set and pipeline, the share of
questions whose intent is right and of those whose entities are exactly right, in % over all seeds.
Each run is a pair of fresh processes, through Rasa; with `--out`, finished ones are kept.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Iterable, List, Mapping, Optional, Sequence

from tabulate import tabulate

from benchmarks.measure import CONFIGS, OF_RASA, PIPELINES
from rasa_joint_nlu.tools.compare.command import read_pipelines, tell
from rasa_joint_nlu.tools.compare.data import Split, make_splits, read_messages
from rasa_joint_nlu.tools.compare.runs import (
    RUN_IDENTITY,
    Job,
    OnThisMachine,
    Pipeline,
    Results,
    execute,
)
from rasa_joint_nlu.tools.errors import InputError

Texts = Mapping[str, Sequence[str]]
"""By intent: texts with entities as `[value](type)`."""


@dataclass(frozen=True)
class Bot:
    """What a small bot learns and what it is asked; `tables` are values by type."""

    examples: Texts
    questions: Texts
    tables: Mapping[str, Sequence[str]] = field(default_factory=dict)


SMALL_TALK = {
    "greet": ["hello", "hi there", "good morning", "hey", "good evening to you"],
    "thank": ["thanks", "thank you", "thanks a lot", "many thanks", "thank you very much"],
    "affirm": ["yes", "yes please", "sure", "that is right", "of course"],
    "deny": ["no", "no thanks", "never", "i do not want that", "not now"],
    "stop": ["stop", "cancel", "cancel it", "please stop", "forget it"],
}


def listed(text: str) -> List[str]:
    """What stands between commas."""
    return [" ".join(item.split()) for item in text.split(",")]


def filled(frames: Sequence[str], values: Iterable[str], name: str = "") -> List[str]:
    """Each value in the next of the frames, in place of its X; annotated, if its type is named."""
    return [
        frames[number % len(frames)].replace("X", f"[{value}]({name})" if name else value)
        for number, value in enumerate(values)
    ]


def numbers(generator: random.Random, digits: int, count: int) -> List[str]:
    """Different numbers of so many digits, none of which begins with 0."""
    low = 10 ** (digits - 1)
    drawn = generator.sample(range(low, 10 * low), min(count, 9 * low))
    return [str(number) for number in drawn]


def in_digits(numbers: Iterable[str], zero: str) -> List[str]:
    """The same numbers in the digits of another script."""
    return [number.translate({48 + d: ord(zero) + d for d in range(10)}) for number in numbers]


# Numbers ----------------------------------------------------------------------------------------


def amounts() -> Bot:
    """Two digits in training, often alone, beside towns; one, three, four and seven are asked."""
    draw = random.Random(1)
    places = listed(
        "Lima, Bern, Accra, Hanoi, Cairo, Quito, Porto, Turin, Kyoto, Basel, Minsk, Delhi"
    )
    frames, digits = ["X", "we are X", "X of us"], (1, 3, 4, 7)
    asked = [number for length in digits for number in numbers(draw, length, 9)]
    return Bot(
        {
            "book": [
                *filled(frames, numbers(draw, 2, 12), "guests"),
                *filled(["X", "we are in X", "X is nice"], places, "town"),
            ],
            "thank": SMALL_TALK["thank"],
            "deny": SMALL_TALK["deny"],
        },
        {"book": filled(frames, asked, "guests")},
    )


def shapes() -> Bot:
    """What is in the frame is of a type that its shape alone tells."""
    draw = random.Random(2)
    frames = ["it is X", "i have got X here", "X is what it says"]

    def codes(*patterns: str) -> List[str]:
        """Any letter for each `A`, and any digit for each `0`."""
        kinds = {"A": "ABCDEFGHKLMNPRSTUVWXYZ", "0": "0123456789"}
        return ["".join(draw.choice(kinds.get(c, c)) for c in pattern) for pattern in patterns]

    places = listed("Lima, Bern, Accra, Hanoi, Cairo, Quito, Porto, Turin")
    return Bot(
        {
            "tell": [
                *filled(frames, numbers(draw, 2, 9), "age"),
                *filled(frames, codes(*["0.00", "00.00"] * 4, "0.00"), "price"),
                *filled(frames, codes(*["AA00", "A000", "AAA00"] * 3), "code"),
                *filled(frames, codes(*["00/00/0000"] * 6), "date"),
                *filled(frames, places, "town"),
            ],
            "greet": SMALL_TALK["greet"],
            "thank": SMALL_TALK["thank"],
        },
        {
            "tell": [
                *filled(frames, [n for d in (2, 1, 3) for n in numbers(draw, d, 4)], "age"),
                *filled(
                    frames,
                    codes("000.00", "0.00", "0000.00", "00.00", "000.0", "0.0"),
                    "price",
                ),
                *filled(frames, codes("AA000", "A0000", "AAAA00", "A00", "AA0", "AAA0000"), "code"),
                *filled(
                    frames, codes("00/00/0000", "00/00/0000", "0/00/0000", "00/0/0000"), "date"
                ),
            ],
        },
    )


def scripts() -> Bot:
    """Digits of other scripts than in training."""
    draw = random.Random(3)
    frames = ["my room is X", "X is my room number", "please clean room X"]
    things = listed("towel, pillow, blanket, kettle, iron, adapter")
    known = [*numbers(draw, 3, 8), *in_digits(numbers(draw, 3, 4), "٠")]
    return Bot(
        {
            "room": filled(frames, known, "room"),
            "want": filled(["could i get a X", "there is no X here"], things * 2, "thing"),
        },
        {
            "room": [
                text
                for zero in "0٠۰०০๐"
                for text in filled(
                    frames, in_digits(numbers(draw, 3, 2) + numbers(draw, 4, 2), zero), "room"
                )
            ],
        },
    )


def capitals() -> Bot:
    """Companies in capitals, people with one, and things with none, all in the same frames."""
    frames = ["i like X", "tell me about X", "have you heard of X"]
    companies = listed("IBM, SAP, BMW, KLM, NTT, HSBC, IKEA, ABB, BASF, VW")
    people = listed("Anna, Mark, Paula, Denis, Clara, Oskar, Judith, Ivan, Greta, Hugo")
    things = listed("music, tennis, coffee, cooking, winter, chess")
    new_companies = listed("BP, TUI, LG, UBS, DHL, NEC, RWE, AXA, EDF, ZTE")
    new_people = listed("Boris, Wanda, Felix, Irma, Jonas, Lotte, Milan, Nora, Pavel")
    return Bot(
        {
            "talk": [
                *filled(frames, companies, "company"),
                *filled(frames, people, "person"),
                *filled(frames, things * 2),
            ],
            "greet": SMALL_TALK["greet"],
            "stop": SMALL_TALK["stop"],
        },
        {
            "talk": [
                *filled(frames, new_companies, "company"),
                *filled(frames, new_people, "person"),
                *filled(frames, listed("golf, tea, summer")),
            ],
        },
    )


# Answers ----------------------------------------------------------------------------------------


def answers(known: str, unseen: str, name: str, frames: str) -> Bot:
    """Values as whole messages, and six of them in frames, beside small talk."""
    values = listed(known)
    in_frames = filled(listed(frames), values[:6], name)
    return Bot(
        {**SMALL_TALK, "inform": [*filled(["X"], values, name), *in_frames]},
        {"inform": filled(["X"], listed(unseen), name)},
    )


def first_names() -> Bot:
    """People, by their first names."""
    return answers(
        """
        Carla, Henry, Denise, Omar, Priya, Walter, Yuki, Bruno, Selma, Igor, Fatima, Leon, Astrid,
        Chen, Tomas, Vera, Rashid, Emily, Gustav, Nadia, Oliver, Paolo, Renate, Kofi, Tamara,
        Ursula, Viktor, Wendy, Xavier, Zoe
        """,
        """
        Boris, Lena, Mohamed, Ingrid, Sven, Aisha, Pedro, Katya, Simon, Julia, Hassan, Margot,
        Duncan, Freya, Luca, Noor, Stefan, Ruth, Kenji, Adele, Marek, Olga, Philip, Sofia, Tariq,
        Eva, Bjorn, Celine, Dirk, Gloria
        """,
        "name",
        "my name is X, i am X, call me X, it is X speaking, this is X, they call me X",
    )


def towns() -> Bot:
    """Towns of one word or two."""
    return answers(
        """
        Bremen, Oslo, Madrid, Lagos, Nairobi, Seoul, Tunis, Warsaw, New Delhi, Boston, Geneva,
        Manila, Sofia, Havana, Tampere, Zurich, San Jose, Mumbai, Dakar, Bogota, Krakow, Leeds,
        Dublin, Perth, Osaka, Santiago, Malmo, Ankara, El Paso, Riga
        """,
        """
        Vienna, Hamburg, Caracas, Tbilisi, Cape Town, Chicago, Bergen, Lyon, Gdansk, Kampala,
        Jakarta, Bilbao, Adelaide, Rabat, Nagoya, Dresden, Valencia, Puebla, Cardiff, Tel Aviv,
        Algiers, Lahore, Houston, Tallinn, Cologne, Baku, Kigali, Salvador, Mexico City, Oulu
        """,
        "town",
        "i live in X, we go to X, from X, the shop in X, it is near X, send it to X",
    )


def streets() -> Bot:
    """Streets, most of them with a number."""
    return answers(
        """
        Mill Lane 4, Park Road 17, Ahornweg 3, Station Street, Kings Avenue 201, Lindenallee 12,
        High Street 9, Rue Pasteur 5, Church Lane 33, Bahnhofstrasse 8, Victoria Road, Elm Street
        70, Rosenweg 21, Abbey Road 6, Via Dante 14, Marktplatz 2, Queens Drive 55, Hafenstrasse,
        Oak Avenue 19, Schulgasse 7
        """,
        """
        Baker Street 221, Birkenweg 9, Harbour Road 3, Dorfstrasse 44, Maple Drive, Rue Voltaire 8,
        Gartenstrasse 11, Cedar Lane 60, Tower Street 5, Wiesenweg, Bridge Road 102, Via Roma 31,
        Kirchplatz 1, Princes Avenue 27, Seestrasse 90, Orchard Lane 13, Pine Street 4, Waldallee 6,
        Castle Drive 18, Hauptstrasse 77
        """,
        "street",
        "i live at X, send it to X, my address is X, bring it to X, it is at X, we moved to X",
    )


def nicknames() -> Bot:
    """Names that people make up."""
    return answers(
        """
        bluefox77, TigerLily, xx_rider, moonwalker, KingArthur9, sugarpie, nightowl, R2Lover,
        catmom, speedy_g, drwho42, sunny88, BigBen, pixelpunk, mrbean, lazydog, star.gazer, joker_1,
        rockstar, honeybee, theGrinch, frosty, coolio, zebra9, madhatter
        """,
        """
        redwolf, QueenBee3, surferdude, mister_x, gamer4life, cookiemonster, skywalker, LuckyLuke,
        dancing_bear, noodle, ironman7, dreamer, PandaPaw, techie, bookworm, sn0wflake, wildcat,
        captain.k, ninja_joe, giggles
        """,
        "nick",
        "my nickname is X, i play as X, call me X, log in as X, it is X, find the player X",
    )


def other_scripts() -> Bot:
    """Names in Greek and Cyrillic letters, beside small talk in English."""
    return answers(
        """
        Анна, Борис, Мария, Иван, Ольга, Сергей, Наталья, Дмитрий, Елена, Павел, Ирина, Андрей,
        Γιώργος, Μαρία, Ελένη, Νίκος, Κώστας, Σοφία, Δημήτρης, Κατερίνα
        """,
        """
        Виктор, Светлана, Юлия, Михаил, Татьяна, Алексей, Людмила, Фёдор, Галина, Роман, Αλέξης,
        Ειρήνη, Πέτρος, Βασιλική, Στέλιος, Άννα, Θανάσης, Χριστίνα
        """,
        "name",
        "my name is X, i am X, call me X, it is X speaking, this is X, they call me X",
    )


# Tables -----------------------------------------------------------------------------------------


def in_table(known: str, unseen: str, only_listed: str, name: str, frames: str) -> Bot:
    """Values in frames, all of them in a table; asked for are new ones and the table's others."""
    values, others, places = listed(known), listed(only_listed), listed(frames)
    small_talk = {
        "weather": listed("will it rain, how warm is it, is it cold outside, do i need a coat"),
        "greet": SMALL_TALK["greet"],
        "thank": SMALL_TALK["thank"],
    }
    repeated = values * (2 * len(places) // len(values))
    return Bot(
        {**small_talk, "inform": filled(places, repeated, name)},
        {"inform": filled(places, [*listed(unseen), *others], name)},
        {name: [*values, *others]},
    )


def harbours() -> Bot:
    """Five towns in ten frames, two each."""
    return in_table(
        "Oslo, Genoa, Malaga, Dover, Split",
        """
        Calais, Bari, Rostock, Haifa, Tangier, Gdynia, Bastia, Izmir, Cadiz, Patras
        """,
        """
        Ancona, Kiel, Trieste, Durres, Bergen, Naples, Corfu, Hull, Nice, Sete
        """,
        "town",
        """
        i leave from X, book a ferry to X, when does the boat from X arrive, X please, we want to
        see X, how far is it to X, take me to X tomorrow, is there a hotel in X, my sister lives in
        X, the ship goes to X first
        """,
    )


def dishes() -> Bot:
    """Six dishes, of one word or two, in nine frames."""
    return in_table(
        "lasagna, goulash, tomato soup, risotto, fish pie, paella",
        """
        ramen, falafel, apple crumble, moussaka, pad thai, schnitzel, burrito, pea soup, tempura
        """,
        """
        bibimbap, ratatouille, onion tart, gnocchi, beef stew, pierogi, couscous, ceviche, hummus
        """,
        "dish",
        """
        i would like X, one X for me, do you have X, bring us two X, X without onions please, how
        much is the X, the X was cold, add X to my order, she takes the X
        """,
    )


def products() -> Bot:
    """Five medicines in eight frames."""
    return in_table(
        "aspirin, ibuprofen, codeine, insulin",
        """
        naproxen, metformin, zoloft, penicillin, valium, warfarin, lipitor, prozac
        """,
        """
        ramipril, tramadol, xanax, lexapro, morphine, nexium, cortisone, plavix
        """,
        "medicine",
        """
        can i take X, what is the dose of X, is X safe for children, i forgot my X, does X make you
        sleepy, i need a refill of X, my doctor gave me X, X is not working
        """,
    )


KINDS = {
    "numbers": (amounts, shapes, scripts, capitals),
    "answers": (first_names, towns, streets, nicknames, other_scripts),
    "tables": (harbours, dishes, products),
}


def yaml_of(texts: Texts, tables: Mapping[str, Sequence[str]]) -> str:
    """A bot's texts and tables as Rasa's YAML."""
    parts = [*(("intent", *part) for part in texts.items())]
    parts += [("lookup", *part) for part in tables.items()]
    lines = ['version: "3.1"', "nlu:"]
    for kind, name, items in parts:
        lines += [f"- {kind}: {name}", "  examples: |", *(f"    - {item}" for item in items)]
    return "\n".join([*lines, ""])


def split_of(bot: Bot) -> Split:
    """A bot as a training and a test set."""
    with tempfile.TemporaryDirectory() as name:
        train, test = Path(name, "train.yml"), Path(name, "test.yml")
        train.write_text(yaml_of(bot.examples, bot.tables), encoding="utf-8")
        test.write_text(yaml_of(bot.questions, {}), encoding="utf-8")
        (split,) = make_splits(read_messages(train), read_messages(test))
    return split


def with_tables(pipeline: Pipeline) -> Pipeline:
    """The pipeline with one RegexFeaturizer, behind its tokenizer, that ignores case."""
    tokenizer, *others = pipeline.config["pipeline"]
    others = [entry for entry in others if entry["name"] != "RegexFeaturizer"]
    regexes = {"name": "RegexFeaturizer", "case_sensitive": False}
    config = {**pipeline.config, "pipeline": [tokenizer, regexes, *others]}
    return Pipeline(pipeline.name, config)


def shares(rows: Sequence[Any]) -> List[str]:
    """The parts of right intents and of exactly right entities over some runs, in %."""
    messages = [message for row in rows for message in row["messages"]]
    intents = sum(right for right, *_ in messages)
    entities = sum(right == found == gold for _, right, found, gold in messages)
    return [f"{100 * count / len(messages):.1f}" for count in (intents, entities)]


def main(arguments: Optional[List[str]] = None) -> int:
    """Print a line for each set and pipeline, and return the exit code: 1 if a run failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--pipelines", nargs="+", choices=PIPELINES, default=["joint", "separate"])
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--out", type=Path, help="keep runs here, and do not repeat those in it")
    options = parser.parse_args(arguments)
    lines: List[List[str]] = []
    failed = False
    try:
        results = Results(options.out, RUN_IDENTITY)
        chosen = [(kind, make) for kind in options.kinds for make in KINDS[kind]]
        for kind, make in chosen:
            split = split_of(make())
            for pipeline in read_pipelines([CONFIGS / f"{name}.yml" for name in options.pipelines]):
                pipeline = with_tables(pipeline) if kind == "tables" else pipeline
                seeds = options.seeds[:1] if pipeline.name in OF_RASA else options.seeds
                jobs = [Job(pipeline, seed, split) for seed in seeds]
                rows, failures = execute(jobs, results, tell, OnThisMachine())
                failed = failed or bool(failures)
                lines += [[kind, make.__name__, pipeline.name, *shares(rows)]] if rows else []
    except InputError as error:
        tell(f"error: {error}")
        return 2
    head = ["kind", "set", "pipeline", "intents %", "entities %"]
    print(tabulate(lines, head, "github", disable_numparse=True))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

"""What is in scope is learnt from the training messages alone, each left out once."""

from __future__ import annotations

import dataclasses
import random
from typing import List, Optional, Sequence, Tuple

import numpy as np
import pytest
from helpers import annotated, encoder_of, toy_examples, with_features
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from rasa_joint_nlu.core import Example
from rasa_joint_nlu.core.packed import Packed
from rasa_joint_nlu.core.serving.scope import ADVISED, Parts, Scope, less_doubtful
from rasa_joint_nlu.core.text.dictionary import NO_WORDS, Dictionary
from rasa_joint_nlu.core.training.left_out import Hashes, LeftOut
from rasa_joint_nlu.core.training.scope import (
    LOW,
    _doubt,
    _needed,
    _probabilities,
    _stretched,
    learn_scope,
)
from rasa_joint_nlu.core.training.votes import Votes

CITIES = ["rome", "oslo", "paris", "bern", "lima", "cairo", "delhi", "quito", "accra", "minsk"]
ASKS = {
    "buy": ["a ticket to", "book a train to", "reserve a seat to"],
    "ask": ["when does it leave for", "is there a train to", "how long does it take to"],
    "cancel": ["cancel my train to", "i do not want to go to", "give back the ticket to"],
}


def travels(seed: int = 0, count: int = 200) -> List[Example]:
    drawn = random.Random(seed)
    days = ["today", "tomorrow", "on monday", "next week", ""]
    examples = []
    for _ in range(count):
        intent = drawn.choice(sorted(ASKS))
        text = " ".join((drawn.choice(ASKS[intent]), drawn.choice(CITIES), drawn.choice(days)))
        examples.append(annotated(text, intent))
    return examples


def votes_of(examples: Sequence[Example]) -> Votes:
    encoder = encoder_of(examples)
    votes = Votes(encoder.encode(examples), encoder, {})
    votes.fit()
    return votes


def learnt(
    examples: Sequence[Example], before: Optional[Scope] = None, votes: Optional[Votes] = None
) -> Scope:
    corpus = encoder_of(examples).encode(examples)
    rng = np.random.default_rng(0)
    scope = learn_scope(examples, corpus, votes or votes_of(examples), frozenset(), rng)
    return scope.after(before) if before else scope


def probabilities(examples: Sequence[Example], texts: Sequence[str]) -> List[float]:
    """How likely each text is in scope, to what learns from the examples."""
    scope, encoder = learnt(examples), encoder_of(examples)
    votes, asked = votes_of(examples), list(map(Example.from_text, texts))
    every = np.concatenate([votes.weights()[name] for name in ("word_votes", "ngram_votes")])
    words = 1 + len(encoder.vocabulary.words)
    found = []
    for example in asked:
        table = encoder.vocabulary.table(encoder.vocabulary.forms(example.tokens))
        sums = every[table.word_ids].sum(0) + every[words + table.ngrams.ids].sum(0)
        highest = float(votes.weight * sums.max())
        found.append(scope.probability(example, frozenset(), highest))
    return found


def test_messages_like_those_of_training_are_in_scope_and_others_are_not() -> None:
    inside, outside, nothing = probabilities(
        travels(), ["book a train to quito next week", "how do bananas grow", "qwertz"]
    )
    assert inside > 0.95 and outside < 0.3 and nothing < 0.3


TOPICS = [f"{kind} {thing}" for kind in ("bus", "dog", "tax") for thing in ("card", "pass", "form")]
TOPICS += ["refund", "passport", "locker", "voucher", "lesson", "refill", "quote", "visa", "loan"]
WORDINGS = ["how do i get a {}", "question about {} rules", "what does a {} cost", "{} deadlines"]


def templated(wordings: Sequence[str]) -> List[Example]:
    return [annotated(wording.format(t), t) for t in TOPICS for wording in wordings]


@pytest.mark.parametrize("wordings", [WORDINGS, WORDINGS[:2], WORDINGS[1:]])
@pytest.mark.parametrize(
    "asked",
    [
        "i need help with {}",
        "tell me about the {} please",
        "can you explain {}",
        "who decides on my {}",
        "is there anything new on the {}",
        "{}",
        "could somebody send me the {}",
        "my {} got lost",
        "renew {}",
        "where would one apply for {}",
    ],
)
def test_a_known_topic_in_another_wording_is_in_scope(wordings: List[str], asked: str) -> None:
    found = probabilities(templated(wordings), [asked.format(topic) for topic in TOPICS])
    assert min(found) > 0.3


VERBS = ("get", "cancel", "renew")
VERB_WORDINGS = ["how do i {} a {}", "i want to {} the {}", "{} {}"]


@pytest.mark.parametrize("wordings", [VERB_WORDINGS, VERB_WORDINGS[:2]])
@pytest.mark.parametrize(
    "asked",
    [
        "please {} my {}",
        "can you {} the {} for me",
        "need to {} {} today",
        "{} that {} now",
        "where could somebody {} such {}",
        "who will {} our {} then",
        "is it possible to {} one {}",
        "hello there, {} {} thanks",
        "help me {} this {}",
        "must they {} another {}",
    ],
)
def test_a_known_verb_and_topic_in_another_wording_are_in_scope(
    wordings: List[str], asked: str
) -> None:
    # Left out, a template leaves no word unknown: the others have the verb and the topic, too.
    examples = [
        annotated(wording.format(verb, topic), f"{verb} {topic}")
        for topic in TOPICS
        for verb in VERBS
        for wording in wordings
    ]
    texts = [asked.format(verb, topic) for topic in TOPICS for verb in VERBS]
    assert np.mean(np.array(probabilities(examples, texts)) < 0.3) <= 0.03


def test_nothing_but_a_wording_is_not_in_scope() -> None:
    found = probabilities(templated(WORDINGS), ["how do i get a", "question about rules", "a"])
    assert max(found) < 0.3


def test_another_topic_in_a_known_wording_is_not_in_scope() -> None:
    others = ["banana", "mountain", "symphony", "goalkeeper"]
    found = probabilities(templated(WORDINGS), [WORDINGS[0].format(other) for other in others])
    assert max(found) < 0.3


def test_it_comes_out_the_same_for_the_same_source_of_chance() -> None:
    assert learnt(travels()) == learnt(travels())


def test_what_was_known_before_stays_known_and_scores_are_believed_as_before() -> None:
    before = learnt([annotated("good morning", "greet"), annotated("bye then", "part")])
    before = dataclasses.replace(before, sharpness=0.7, power=0.9, doubt=1.3)
    after = learnt(travels(), before)
    assert before.known < after.known
    assert (after.sharpness, after.power, after.doubt) == (0.7, 0.9, 1.3)
    # The weights are those of the new messages.
    assert after.weights == learnt(travels()).weights


def test_scores_that_are_too_sure_of_messages_set_aside_are_made_less_sure() -> None:
    examples, rng = travels(), np.random.default_rng(0)
    votes, answers = votes_of(examples), rng.integers(3, size=100)
    said = np.where(rng.random(100) < 0.7, answers, (answers + 1) % 3)
    votes.unlearnt = 9.0 * np.eye(3)[said], answers
    assert learnt(examples, votes=votes).sharpness < 0.5
    votes.unlearnt = 2.0 * np.eye(3)[answers], answers
    assert learnt(examples, votes=votes).sharpness == 1


def test_probabilities_are_raised_where_right_ones_would_be_low() -> None:
    examples, answers = travels(), np.arange(100) % 3
    votes = votes_of(examples)
    many = np.zeros((100, 60))
    many[np.arange(100), answers] = 2.5
    votes.unlearnt = many, answers
    found = learnt(examples, votes=votes)
    highest = np.exp(2.5) / (np.exp(2.5) + 59)
    assert highest < ADVISED
    assert highest**found.power == pytest.approx(ADVISED, rel=0.05)
    votes.unlearnt = 9 * many, answers
    assert learnt(examples, votes=votes).power == 1


def seen(right: int, of: int, margin: float) -> LeftOut:
    """Messages of three intents as they were seen when they were left out."""
    examples = travels()
    corpus, votes = encoder_of(examples).encode(examples), votes_of(examples)
    hashes = Hashes.of(Packed.of([]), NO_WORDS)
    left_out = LeftOut({}, hashes, corpus, votes, np.random.default_rng(0))
    for number in range(of):
        logits = np.zeros(3)
        logits[number % 3] = margin
        left_out.inside.append((1.0, 0.0))
        left_out.logits.append(logits)
        left_out.wanted.append((number if number < right else number + 1) % 3)
    return left_out


def test_doubt_is_taken_away_if_scope_leaves_too_much_of_it() -> None:
    certain, likely = (9.0, 0.0), (1.0, 0.0)
    assert _doubt(seen(80, 100, 9.0), certain) == pytest.approx(1, abs=0.05)
    assert _doubt(seen(100, 100, 9.0), likely) > 1.4
    # A few messages that all are right say little.
    assert _doubt(seen(3, 3, 9.0), likely) < 1.2
    # Half of the way, in logarithms, to what would make them as sure as they are right.
    found = seen(80, 100, 9.0)
    votes = _probabilities(found).max(1)
    confidences = 1 / 3 + (votes - 1 / 3) / (1 + np.exp(-1))
    wanted = (100 * 0.8 + 10 * confidences.mean()) / 110
    doubt = _doubt(found, likely)
    surer = [less_doubtful(confidence, 1 / 3, doubt**2) for confidence in confidences.tolist()]
    assert np.mean(surer) == pytest.approx(wanted, abs=0.01)


def test_no_doubt_is_added() -> None:
    assert _doubt(seen(60, 100, 9.0), (9.0, 0.0)) == 1
    assert _doubt(seen(0, 0, 9.0), (9.0, 0.0)) == 1


def test_few_of_new_messages_have_a_low_probability() -> None:
    found = probabilities(travels(), [example.text for example in travels(1, 400)])
    assert np.mean(np.array(found) < 0.2) < LOW + 0.03


@pytest.mark.parametrize("intents", [7, 20, 150])
@pytest.mark.parametrize("votes", [(0.99, 1.0), (0.5, 1.0), (0.35, 0.7), (0.0, 1.0)])
@pytest.mark.parametrize("spread", [0.5, 3.0, 10.0])
def test_scope_takes_as_many_right_answers_below_the_threshold_whatever_the_model(
    intents: int, votes: Tuple[float, float], spread: float
) -> None:
    rng, even = np.random.default_rng(0), 1 / intents
    highest = rng.uniform(*votes, 2000)
    rows = np.stack([np.ones(2000), rng.normal(0, spread, 2000)], axis=1)
    weights = _stretched(np.array([1.0, 2.0]), rows, np.ones(2000), _needed(highest, even))
    in_scope = 1 / (1 + np.exp(-rows @ weights))
    likely = highest >= ADVISED
    confidences = even + (highest - even) * in_scope
    assert np.mean(confidences[likely] < ADVISED) == pytest.approx(LOW, abs=0.01)


@pytest.mark.parametrize("intents", [1, 2, 3, 4, 5])
def test_of_few_intents_as_many_right_answers_are_hardly_in_scope(intents: int) -> None:
    needed = _needed(np.linspace(0.4, 1, 100), 1 / intents)
    assert needed.min() >= 0.15 and needed.max() < 1
    assert _needed(np.ones(100), 1 / intents) == pytest.approx(0.15)


def test_where_no_right_answer_is_likely_scope_alone_counts() -> None:
    assert _needed(np.full(9, 0.2), 0.01) == pytest.approx(0.29 / 0.99)
    assert _needed(np.zeros(0), 0.01) == pytest.approx(0.29 / 0.99)


def test_only_features_that_few_tokens_have_vouch_for_words() -> None:
    rare = sparse.csr_matrix(np.array([[0.0], [0.0], [1.0]]))
    usual = sparse.csr_matrix(np.ones((3, 1)))
    examples = [
        dataclasses.replace(
            annotated(text, intent),
            features={
                "rare/sequence": rare,
                "usual/sequence": usual,
                "dense/sequence": np.eye(3),
                "rare/sentence": rare[2:],
            },
        )
        for text, intent in (
            ("go to rome", "go"),
            ("go to oslo", "go"),
            ("fly to bern", "fly"),
            ("fly to rome", "fly"),
        )
    ]
    scope = learnt(examples)
    assert scope.vouching == ("rare/sequence",)
    # What is vouched for is as good as known.
    vouched = dataclasses.replace(Example.from_text("go to lima"), features={"rare/sequence": rare})
    scope = dataclasses.replace(scope, weights=(0.0, 0.0, -1.0, 0.0, 0.0))
    assert scope.probability(vouched, frozenset(), 0.0) == 0.5
    assert scope.probability(Example.from_text("go to lima"), frozenset(), 0.0) < 0.5
    assert set(Parts.of(examples[0], frozenset()).words) < scope.known


@pytest.mark.parametrize("count", [2, 5, 16])
def test_few_messages_are_enough(count: int) -> None:
    scope = learnt(with_features(toy_examples())[:count])
    assert len(scope.weights) == 5 and np.isfinite(scope.weights).all()


def test_where_every_intent_has_one_message_all_are_in_scope() -> None:
    examples = [annotated(text, text) for text in ("good morning", "bye then", "thanks a lot")]
    scope = learnt(examples)
    assert scope.probability(Example.from_text("qwertz"), frozenset(), 0.0) > 0.99


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.text("ab 东京é", min_size=1), st.sampled_from(["one", "two", "three", None])),
        min_size=1,
        max_size=8,
    )
)
def test_weights_are_finite_whatever_the_messages(
    messages: List[Tuple[str, Optional[str]]],
) -> None:
    examples = [annotated(text, intent) for text, intent in [*messages, ("a b", "one")]]
    examples = [example for example in examples if example.tokens]
    encoder = encoder_of(examples)
    corpus, rng = encoder.encode(examples), np.random.default_rng(0)
    votes = Votes(corpus, encoder, {})
    votes.fit()
    scope = learn_scope(examples, corpus, votes, Dictionary({"东京"}), rng)
    assert np.isfinite(scope.weights).all() and 0.5 <= scope.power <= 1 <= scope.doubt <= 2

"""`JointModel` from outside: learning, predicting, fine-tuning, and what must not change."""

from __future__ import annotations

import dataclasses
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Dict, List, Tuple

import numpy as np
import pytest
import torch
from helpers import (
    annotated,
    answer,
    dense,
    flat,
    plain,
    quick_model,
    small_model,
    toy_examples,
    with_features,
    words,
)
from scipy import sparse

from rasa_joint_nlu.core import (
    DataError,
    Entity,
    Example,
    JointConfig,
    JointModel,
    Misaligned,
    Prediction,
    TrainingError,
)
from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.errors import NothingToLearnError
from rasa_joint_nlu.core.metrics import evaluate
from rasa_joint_nlu.core.training import session
from rasa_joint_nlu.core.training.scalars import ScalarWriter
from rasa_joint_nlu.core.training.votes import USUAL_WEIGHT


def texts_of(examples: List[Example]) -> List[Example]:
    """The same messages without what is to be found out."""
    return [Example(example.text, example.tokens) for example in examples]


def weights_in_bytes(model: JointModel) -> Dict[str, bytes]:
    return {name: weight.tobytes() for name, weight in model.learnt.weights.items()}


def copied(model: JointModel, folder: Path, **settings: Any) -> JointModel:
    """A copy of a model, to train further."""
    model.save(folder)
    return JointModel.load(folder, **settings)


@pytest.fixture
def losses(monkeypatch: pytest.MonkeyPatch) -> List[float]:
    """The loss of each batch of each training that follows, in order."""
    seen: List[float] = []
    monkeypatch.setattr(
        ScalarWriter, "add_batch", lambda self, metrics, update: seen.append(metrics["loss"])
    )
    return seen


# Learning and predicting.


def test_a_model_that_is_trained_again_begins_anew() -> None:
    once, twice = quick_model(), quick_model()
    twice.fit(toy_examples())
    for model in (once, twice):
        model.fit(toy_examples()[2:6])
    assert once.learnt.weights["words_weight"] == USUAL_WEIGHT  # too few examples to weigh it
    for name, weight in once.learnt.weights.items():
        np.testing.assert_array_equal(weight, twice.learnt.weights[name])


def test_it_learns_intents_entities_roles_and_groups(toy_model: JointModel) -> None:
    examples = toy_examples()
    scores = evaluate(examples, toy_model.predict(texts_of(examples)))
    assert scores == {"intent_acc": 1.0, "entity_f1": 1.0, "frame_acc": 1.0}


def test_it_understands_what_it_has_not_seen(toy_model: JointModel) -> None:
    expected = annotated(
        "a ticket from [Paris](city/departure) to [Oslo](city/destination)", "book"
    )
    (found,) = toy_model.predict(texts_of([expected]))
    assert answer(found) == ("book", plain(expected.entities))


def test_the_report_says_what_was_done() -> None:
    examples = [*toy_examples(), Example.from_text("", "greet")]
    model = quick_model()
    report = model.fit(examples)
    assert report.examples == 16 and report.intents == 4 and report.entity_types == 4
    assert report.epochs == 2 and report.seconds > 0
    assert report.parameters == sum(weight.size for weight in model.learnt.weights.values())
    assert list(report.misaligned) == []


CUT = Entity(3, 5, "city")
CUT_EXAMPLE = Example.from_text("to Rome", "book", [CUT])


def test_the_report_lists_misaligned_entities_and_what_became_of_them() -> None:
    whole, inner = Entity(0, 8, "city"), Entity(4, 8, "city")
    nested = Example.from_text("New York", "book", [inner, whole])
    lost = Misaligned(nested, inner, None)
    for policy, learnt in (("expand", Entity(3, 7, "city")), ("drop", None)):
        report = quick_model(misaligned_entities=policy).fit([CUT_EXAMPLE, nested, *toy_examples()])
        assert list(report.misaligned) == [Misaligned(CUT_EXAMPLE, CUT, learnt), lost]


def test_a_whole_token_is_learnt_where_a_part_is_annotated() -> None:
    texts = ["wake me at 3pm", "call me at 7pm", "be here at 9am"]
    model = small_model()
    model.fit([words(text, Entity(11, 12, "time")) for text in texts])
    (found,) = model.predict([words("wake me at 5pm")])
    assert plain(found.entities) == [(11, 14, "time", None, None)]


def test_misaligned_entities_can_stop_a_training_and_a_fine_tuning() -> None:
    model = quick_model(misaligned_entities="error")
    model.fit(toy_examples())
    for way in (model.fit, model.finetune):
        with pytest.raises(DataError, match=r"1 \(city: 1\).*\n- 'Ro' \(city\) in 'to Rome'"):
            way([*toy_examples(), CUT_EXAMPLE])


def test_fine_tuning_reports_misaligned_entities(toy_model: JointModel, tmp_path: Path) -> None:
    model = copied(toy_model, tmp_path, epochs=1)
    report = model.finetune([*toy_examples(), CUT_EXAMPLE])
    assert list(report.misaligned) == [Misaligned(CUT_EXAMPLE, CUT, Entity(3, 7, "city"))]


def test_misaligned_entities_do_not_matter_where_none_are_learnt() -> None:
    model = quick_model(misaligned_entities="error", entity_recognition=False)
    assert list(model.fit([*toy_examples(), CUT_EXAMPLE]).misaligned) == []


def test_held_out_examples_are_counted_and_scored_as_annotated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scored: List[Example] = []

    def spy(examples: List[Example], predictions: List[Prediction]) -> Dict[str, float]:
        scored.extend(examples)
        return evaluate(examples, predictions)

    monkeypatch.setattr(session, "evaluate", spy)
    model = quick_model(evaluate_on_number_of_examples=5, epochs=1)
    report = model.fit([CUT_EXAMPLE] * 20)
    assert len(report.misaligned) == 20
    # Once after the only epoch, and once more for the report.
    assert scored == [CUT_EXAMPLE] * 10


def test_an_untrained_model_cannot_predict() -> None:
    with pytest.raises(TrainingError, match="call 'fit' or 'load' first"):
        quick_model().predict([Example.from_text("hello")])


def test_an_untrained_model_cannot_be_fine_tuned() -> None:
    with pytest.raises(TrainingError, match="not trained"):
        quick_model().finetune(toy_examples())


def test_no_messages_have_no_predictions(toy_model: JointModel) -> None:
    assert toy_model.predict([]) == []


def test_a_message_without_tokens_has_an_empty_prediction(toy_model: JointModel) -> None:
    hello = Example.from_text("hello")
    predictions = toy_model.predict([Example.from_text(""), hello, Example.from_text("  ")])
    assert predictions[0] == predictions[2] == Prediction()
    assert predictions[1].intent == "greet"


def test_predictions_are_in_the_order_of_the_messages(toy_model: JointModel) -> None:
    examples = texts_of(toy_examples() * 6)  # more than one batch
    together = toy_model.predict(examples)
    alone = [toy_model.predict([example])[0] for example in examples[:16]] * 6
    assert [answer(prediction) for prediction in together] == [answer(p) for p in alone]
    for one, other in zip(together, alone):
        np.testing.assert_allclose(flat(one), flat(other), atol=1e-5)


def test_predicting_in_threads_equals_predicting_in_turn(
    toy_model: JointModel, tmp_path: Path
) -> None:
    model = copied(toy_model, tmp_path)  # one that has not predicted yet
    lots = [texts_of(toy_examples())[start:] for start in range(8)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(model.predict, lots * 4))
    assert found == [toy_model.predict(lot) for lot in lots] * 4


# What there is to learn.


def test_intents_only() -> None:
    examples = [Example(e.text, e.tokens, e.intent) for e in toy_examples()]
    model = small_model(epochs=60)
    assert model.fit(examples).entity_types == 0
    predictions = model.predict(examples)
    assert [prediction.intent for prediction in predictions] == [e.intent for e in examples]
    assert not any(prediction.entities for prediction in predictions)


def test_entities_only() -> None:
    examples = [dataclasses.replace(e, intent=None) for e in toy_examples()]
    model = small_model()
    assert model.fit(examples).intents == 0
    predictions = model.predict(texts_of(examples))
    assert evaluate(examples, predictions)["entity_f1"] == 1.0
    assert all(p.intents == () and p.attention == () for p in predictions)


@pytest.mark.parametrize("task", ["intent_classification", "entity_recognition"])
def test_a_task_can_be_switched_off(task: str) -> None:
    model = quick_model(**{task: False})
    report = model.fit(toy_examples())
    learnt = (report.intents, report.entity_types)
    assert learnt == ((0, 4) if task == "intent_classification" else (4, 0))
    (prediction,) = model.predict(texts_of(toy_examples()[4:5]))
    if task == "intent_classification":
        assert prediction.intents == () and "emission.weight" in model.learnt.weights
    else:
        assert len(prediction.intents) == 4 and "emission.weight" not in model.learnt.weights


def test_a_single_intent_with_entities_teaches_entities() -> None:
    examples = [e for e in toy_examples() if e.intent == "book"]
    model = small_model(epochs=80)
    model.fit(examples)
    predictions = model.predict(texts_of(examples))
    assert evaluate(examples, predictions)["entity_f1"] == 1.0
    assert "intent.weight" not in model.learnt.weights


def test_examples_without_an_intent_teach_entities() -> None:
    towns = ["Bergen", "Lima", "Cairo", "Quito"]
    intents = [annotated("hello there", "greet"), annotated("good bye", "leave")]
    entities = [annotated(f"to [{town}](city/to)") for town in towns]
    model = small_model(epochs=60)
    report = model.fit([*intents, *entities])
    assert report.intents == 2
    predictions = model.predict(texts_of([*intents, *entities]))
    assert [prediction.intent for prediction in predictions[:2]] == ["greet", "leave"]
    assert evaluate(entities, predictions[2:])["entity_f1"] == 1.0


def test_plain_bio_tags_learn_as_well() -> None:
    examples = toy_examples()
    model = small_model(BILOU_flag=False)
    model.fit(examples)
    assert evaluate(examples, model.predict(texts_of(examples)))["frame_acc"] == 1.0


@pytest.mark.parametrize("batch_size", [1, [2, 8]])
def test_any_batch_size_trains(batch_size: Any) -> None:
    examples = toy_examples()[:8]
    model = small_model(batch_size=batch_size, epochs=30)
    model.fit(examples)
    assert evaluate(examples, model.predict(texts_of(examples)))["intent_acc"] == 1.0


def test_upstream_features_are_learnt_from() -> None:
    rng = np.random.default_rng(0)

    def featured(word: str, known: bool) -> Example:
        example = Example.from_text(f"go {word}", None, [Entity(3, 3 + len(word), "city")] * known)
        return dataclasses.replace(example, features={"lookup": np.array([[0.0], [4.0 * known]])})

    words = ["".join(rng.choice(list("bcdfgklmnprst"), 6)) for _ in range(40)]
    examples = [featured(word, bool(number % 2)) for number, word in enumerate(words)]
    model = small_model(epochs=60, batch_size=8)
    model.fit(examples[:30])
    predictions = model.predict([dataclasses.replace(e, entities=()) for e in examples[30:]])
    assert [len(p.entities) for p in predictions] == [len(e.entities) for e in examples[30:]]


@pytest.mark.parametrize("examples", [[], [Example.from_text("")], [Example.from_text(" ", "a")]])
def test_no_tokens_are_nothing_to_learn_from(examples: List[Example]) -> None:
    with pytest.raises(NothingToLearnError, match="no example with tokens"):
        quick_model().fit(examples)


@pytest.mark.parametrize(
    ("settings", "examples"),
    [
        ({}, [annotated("hello", "greet"), annotated("hi", "greet")]),
        ({}, [annotated("hello"), annotated("hi")]),
        ({"entity_recognition": False}, [annotated("to [Rome](city)", "book")]),
        (
            {"intent_classification": False},
            [annotated("hello", "greet"), annotated("good bye", "leave")],
        ),
    ],
)
def test_neither_two_intents_nor_an_entity_are_nothing_to_learn_from(
    settings: Dict[str, Any], examples: List[Example]
) -> None:
    with pytest.raises(NothingToLearnError, match="nothing to learn"):
        quick_model(**settings).fit(examples)


# Chance.


def test_the_same_seed_gives_the_same_weights_to_the_byte() -> None:
    models = [quick_model(random_seed=7) for _ in range(2)]
    for model in models:
        model.fit(with_features(toy_examples()))
    assert weights_in_bytes(models[0]) == weights_in_bytes(models[1])


@pytest.mark.parametrize(("one", "other"), [(1, 2), (None, None)])
def test_another_seed_or_none_gives_other_weights(one: Any, other: Any) -> None:
    models = [quick_model(random_seed=seed) for seed in (one, other)]
    for model in models:
        model.fit(toy_examples())
    first, second = map(weights_in_bytes, models)
    assert first["word_embedding"] != second["word_embedding"]
    assert first["lstm.weight_hh"] != second["lstm.weight_hh"]


def test_nobody_elses_random_state_changes() -> None:
    def states() -> Tuple[Any, ...]:
        name, keys, *rest = np.random.get_state()
        return random.getstate(), name, keys.tobytes(), rest, torch.get_rng_state().tolist()

    threads = torch.get_num_threads()
    torch.set_num_threads(3)
    before = states()
    model = quick_model(evaluate_on_number_of_examples=2)
    model.fit(toy_examples())
    model.finetune(toy_examples())
    model.predict(toy_examples())
    found = torch.get_num_threads()
    torch.set_num_threads(threads)
    assert found == 3
    assert states() == before
    assert torch.is_grad_enabled() and torch.get_default_dtype() == torch.float32


@pytest.mark.parametrize("settings", [{}, {"random_seed": 5}])
def test_somebody_elses_seed_does_not_matter(settings: Dict[str, Any]) -> None:
    found = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        np.random.seed(seed)
        random.seed(seed)
        model = quick_model(**settings)
        model.fit(toy_examples())
        found.append(weights_in_bytes(model))
    assert found[0] == found[1]


def test_training_does_not_change_the_examples() -> None:
    examples = with_features(toy_examples())
    before = [{k: dense(v).copy() for k, v in e.features.items()} for e in examples]
    model = quick_model()
    model.fit(examples)
    model.predict(examples)
    assert [dataclasses.replace(e, features={}) for e in examples] == toy_examples()
    for example, features in zip(examples, before):
        for name, matrix in features.items():
            np.testing.assert_array_equal(dense(example.features[name]), matrix)


# Fine-tuning.


def test_fine_tuning_starts_near_the_old_loss(
    toy_model: JointModel, tmp_path: Path, losses: List[float]
) -> None:
    model = copied(toy_model, tmp_path, epochs=2)
    model.finetune(toy_examples())
    again = list(losses)
    losses.clear()
    small_model(epochs=2).fit(toy_examples())
    assert again[0] < losses[0] / 2


def test_fine_tuning_keeps_rows_and_learns_new_words(toy_model: JointModel, tmp_path: Path) -> None:
    model = copied(toy_model, tmp_path, epochs=60)
    old = toy_model.learnt.encoder.vocabulary
    new = [annotated("good evening", "greet"), annotated("to [Zwolle](city/destination)", "book")]
    report = model.finetune([*toy_examples(), *new])
    vocabulary = model.learnt.encoder.vocabulary
    assert report.examples == 18
    assert vocabulary.words[: len(old.words)] == old.words
    assert set(vocabulary.words) - set(old.words) == {"evening", "zwolle"}
    examples = [*toy_examples(), *new]
    assert evaluate(examples, model.predict(texts_of(examples)))["frame_acc"] == 1.0


def in_scope(model: JointModel, text: str) -> float:
    """How likely a model takes a message to be in scope."""
    reasons = model.explain(Example.from_text(text)).scope
    assert reasons is not None
    return reasons.in_scope


def test_fine_tuning_takes_new_words_into_scope_and_keeps_old_ones(
    toy_model: JointModel, tmp_path: Path
) -> None:
    model = copied(toy_model, tmp_path, epochs=2)
    before = in_scope(model, "good evening dear colleagues")
    new = [annotated("good evening dear colleagues", "greet")]
    model.finetune([*toy_examples()[2:], *new])
    assert in_scope(model, "good evening dear colleagues") > before
    assert in_scope(model, "hello there") > in_scope(model, "hello evening")


def test_a_model_of_entities_alone_has_no_scope(tmp_path: Path) -> None:
    model = quick_model(intent_classification=False)
    model.fit(toy_examples())
    model.save(tmp_path)
    loaded = JointModel.load(tmp_path)
    questions = texts_of(toy_examples())
    assert loaded.predict(questions) == model.predict(questions)
    assert "in_scope" not in loaded.learnt.weights


def test_fine_tuning_learns_a_new_combination_of_known_type_and_role(
    toy_model: JointModel, tmp_path: Path
) -> None:
    model = copied(toy_model, tmp_path, epochs=80)
    new = [
        annotated("pay in [euros](currency/departure)", "pay"),
        annotated("please pay in [dollars](currency/departure)", "pay"),
    ]
    model.finetune([*toy_examples(), *new])
    labels = model.learnt.encoder.labels
    assert labels.roles == toy_model.learnt.encoder.labels.roles
    currency = labels.types.index("currency")
    assert labels.type_roles[currency] == (0, 1 + labels.roles.index("departure"))
    assert evaluate(new, model.predict(texts_of(new)))["frame_acc"] == 1.0


def test_fine_tuning_learns_the_first_entity_of_several_tokens_of_a_type(
    toy_model: JointModel, tmp_path: Path
) -> None:
    model = copied(toy_model, tmp_path, epochs=80)
    new = [annotated("I will pay in [Swiss gold francs](currency)", "pay")]
    model.finetune([*toy_examples(), *new * 2])
    assert evaluate(new, model.predict(texts_of(new)))["frame_acc"] == 1.0


def test_fine_tuning_twice_in_a_row(toy_model: JointModel, tmp_path: Path) -> None:
    model = copied(toy_model, tmp_path / "first", epochs=3)
    model.finetune([*toy_examples(), annotated("good evening", "greet")])
    model = copied(model, tmp_path / "second", epochs=3)
    model.finetune([*toy_examples(), annotated("good night", "greet")])
    model.finetune(toy_examples())
    words = model.learnt.encoder.vocabulary.words
    assert {"evening", "night"} <= set(words) and len(words) == len(set(words))
    assert evaluate(toy_examples(), model.predict(toy_examples()))["intent_acc"] == 1.0


def test_fine_tuning_does_not_weigh_words_by_examples_that_are_known(
    toy_model: JointModel, tmp_path: Path
) -> None:
    model = copied(toy_model, tmp_path, epochs=4)
    model.learnt.weights["words_weight"][:] = 2.5
    model.finetune(toy_examples() * 4)
    assert model.learnt.weights["words_weight"] == 2.5 != toy_model.learnt.weights["words_weight"]


def test_fine_tuning_on_some_examples_keeps_all_labels(
    toy_model: JointModel, tmp_path: Path
) -> None:
    model = copied(toy_model, tmp_path, epochs=1)
    model.finetune([annotated("good evening", "greet"), annotated("hello", "greet")])
    assert model.learnt.encoder.labels == toy_model.learnt.encoder.labels


def test_fine_tuning_by_a_fraction_is_shorter() -> None:
    model = quick_model(epochs=-1, batch_size=1)
    few = toy_examples()[2:6]
    full = model.fit(few).epochs
    assert model.finetune(few, fraction=0.25).epochs == pytest.approx(full / 4, abs=1)


@pytest.mark.parametrize(
    ("kind", "example", "name"),
    [
        ("intents", annotated("hello", "salute"), "salute"),
        ("types", annotated("a [red](colour) tea", "order"), "colour"),
        ("roles", annotated("via [Rome](city/stop)", "book"), "stop"),
        ("groups", annotated("a [tea](drink#3)", "order"), "3"),
    ],
)
def test_fine_tuning_refuses_new_labels(
    toy_model: JointModel, tmp_path: Path, kind: str, example: Example, name: str
) -> None:
    model = copied(toy_model, tmp_path, epochs=1)
    with pytest.raises(DataError, match=f"these {kind} are new: {name}. Train the model from"):
        model.finetune([*toy_examples(), example])
    assert weights_in_bytes(model) == weights_in_bytes(toy_model)


@pytest.mark.parametrize(
    "settings",
    [
        {"token_size": 30},
        {"token_size": 10},
        {"encoder_size": 30},
        {"entity_recognition": False},
        {"intent_classification": False},
    ],
)
def test_fine_tuning_refuses_another_network(
    toy_model: JointModel, tmp_path: Path, settings: Dict[str, Any]
) -> None:
    model = copied(toy_model, tmp_path, epochs=1)
    model.config = JointConfig.from_dict({**model.config.to_dict(), **settings})
    with pytest.raises(DataError, match="built with other settings"):
        model.finetune(toy_examples())


@pytest.mark.parametrize("task", ["intent_classification", "entity_recognition"])
def test_fine_tuning_cannot_add_a_task(task: str) -> None:
    model = quick_model(**{task: False})
    model.fit(toy_examples())
    model.config = dataclasses.replace(model.config, **{task: True})
    with pytest.raises(DataError):
        model.finetune(toy_examples())


@pytest.mark.parametrize("bilou", [True, False])
def test_fine_tuning_with_the_other_tags_is_refused(bilou: bool) -> None:
    model = quick_model(BILOU_flag=bilou)
    model.fit(toy_examples())
    model.config = dataclasses.replace(model.config, BILOU_flag=not bilou)
    with pytest.raises(DataError, match="built with other settings"):
        model.finetune(toy_examples())


def test_fine_tuning_needs_the_same_features() -> None:
    model = quick_model()
    model.fit(with_features(toy_examples()))
    with pytest.raises(DataError, match=r"it has d/sentence \(2\), .*the data has none"):
        model.finetune(toy_examples())
    plain_model = quick_model()
    plain_model.fit(toy_examples())
    with pytest.raises(DataError, match=r"it has none, the data has d/sentence \(2\)"):
        plain_model.finetune(with_features(toy_examples()))


def wider(examples: List[Example], name: str, by: int) -> List[Example]:
    """The same examples, one of their dense features wider or narrower."""
    found = []
    for example in examples:
        matrix = np.asarray(example.features[name])
        size = matrix.shape[1] + by
        changed = np.pad(matrix, ((0, 0), (0, max(0, by))))[:, :size]
        found.append(dataclasses.replace(example, features={**example.features, name: changed}))
    return found


@pytest.mark.parametrize("name", ["d/sequence", "d/sentence"])
def test_fine_tuning_takes_features_that_have_grown(name: str) -> None:
    examples = with_features(toy_examples())
    model = quick_model()
    model.fit(examples)
    grown = wider(examples, name, 2)
    model.finetune(grown)
    assert {spec.name: spec.size for spec in model.learnt.encoder.features}[name] in (4, 5)
    assert model.predict(grown)[0].intents
    with pytest.raises(DataError, match="features do not fit"):
        model.finetune(examples)


# What stops a training.


def with_value(value: float) -> List[Example]:
    return [
        dataclasses.replace(e, features={"f": np.full((len(e.tokens), 2), value)})
        for e in toy_examples()
    ]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_feature_that_is_no_finite_number_is_named(value: float) -> None:
    model = quick_model()
    with pytest.raises(DataError, match=f"Feature 'f' has the value {value} for the text 'good"):
        model.fit(with_value(value))
    with pytest.raises(TrainingError, match="not trained"):
        model.predict(toy_examples())


def test_a_loss_that_is_no_number_stops_with_advice() -> None:
    model = quick_model()
    advice = r"smaller 'learning_rate' than 0.02.*check features.*huge.*nan"
    huge = [
        dataclasses.replace(e, features={"f": sparse.csr_matrix(e.features["f"])})
        for e in with_value(3e38)
    ]
    with pytest.raises(TrainingError, match=advice):
        model.fit(huge)
    with pytest.raises(TrainingError, match="not trained"):
        model.predict(toy_examples())


def test_a_failed_fine_tuning_leaves_the_model_as_it_was() -> None:
    examples = with_features(toy_examples())
    model = quick_model()
    model.fit(examples)
    before = model.predict(examples), weights_in_bytes(model)
    broken = dataclasses.replace(
        examples[0],
        features={**examples[0].features, "d/sequence": np.full((2, 3), np.nan)},
    )
    with pytest.raises(DataError, match="'d/sequence' has the value nan for the text"):
        model.finetune([*examples, broken])
    assert (model.predict(examples), weights_in_bytes(model)) == before


@pytest.mark.parametrize("device", ["cuda:99", "mps"])
def test_a_device_that_is_not_there_is_named(device: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    with pytest.raises(TrainingError, match=f"'device: {device}' is not available"):
        quick_model(device=device).fit(toy_examples())


# Held-out examples.


def test_held_out_examples_are_not_trained_on(monkeypatch: pytest.MonkeyPatch) -> None:
    from rasa_joint_nlu.core.training import session

    lots: List[int] = []
    monkeypatch.setattr(
        session,
        "evaluate",
        lambda examples, predictions: lots.append(len(examples)) or evaluate(examples, predictions),
    )
    model = quick_model(
        evaluate_on_number_of_examples=5, evaluate_every_number_of_epochs=1, epochs=3
    )
    report = model.fit(toy_examples())
    assert report.examples == 16
    assert lots == [5, 5, 5, 5]  # after each epoch, and for the report


def test_training_stops_early_when_nothing_improves() -> None:
    model = small_model(
        epochs=100, evaluate_on_number_of_examples=4, evaluate_every_number_of_epochs=1
    )
    report = model.fit(toy_examples())
    assert 6 <= report.epochs < 100


@pytest.mark.parametrize("number", [13, 16, 100])
def test_too_many_held_out_examples_are_refused(number: int) -> None:
    with pytest.raises(DataError, match=f"examples: {number}' is too many.* at most 12 can be"):
        quick_model(evaluate_on_number_of_examples=number).fit(toy_examples())


# Pretrained word vectors.


def vector_file(folder: Path) -> Path:
    """Vectors in which the word for each kind of thing is near to its like."""
    vectors = {
        **dict.fromkeys(("zwfq", "vlmk", "bdgt"), "4 0 0"),
        **dict.fromkeys(("xyrr", "uuho", "kkpe"), "0 4 0"),
        "jjjj": "0 0 4",
    }
    path = folder / "vectors.vec"
    lines = [f"{word} {numbers}" for word, numbers in vectors.items()]
    path.write_text("\n".join([f"{len(lines)} 3", *lines, ""]))
    return path


VECTOR_EXAMPLES = [
    annotated("zwfq", "one"),
    annotated("vlmk", "one"),
    annotated("xyrr", "two"),
    annotated("uuho", "two"),
]


def test_an_unseen_word_behaves_like_one_with_the_same_vector(tmp_path: Path) -> None:
    path = vector_file(tmp_path)
    model = small_model(pretrained_embeddings=str(path), epochs=60)
    model.fit(VECTOR_EXAMPLES)
    model.save(tmp_path / "model")
    path.unlink()
    loaded = JointModel.load(tmp_path / "model")  # which needs the file no more
    unseen = [Example.from_text("bdgt"), Example.from_text("kkpe")]
    for trained in (model, loaded):
        assert [p.intent for p in trained.predict(unseen)] == ["one", "two"]
    blind = small_model(epochs=60)
    blind.fit(VECTOR_EXAMPLES)
    same, other = blind.predict(unseen)
    assert same.intents[0].name == other.intents[0].name  # which cannot know


def direction_of(model: JointModel, word: str) -> Array:
    """The vector of a word as a model keeps it, of length 1; zeros if it has none."""
    learnt = model.learnt
    assert learnt.pretrained
    rows = learnt.pretrained.rows(np.array(learnt.encoder.vocabulary.vectors.of_word(word), int))
    total: Array = rows.sum(axis=0)
    return total / max(1e-9, float(np.linalg.norm(total)))


@pytest.mark.parametrize("held_out", [0, 1])
@pytest.mark.parametrize("frozen", [True, False])
def test_word_vectors_are_trained_only_if_not_frozen(
    tmp_path: Path, frozen: bool, held_out: int
) -> None:
    model = quick_model(
        pretrained_embeddings=str(vector_file(tmp_path)),
        freeze_pretrained_embeddings=frozen,
        evaluate_on_number_of_examples=held_out,
    )
    model.fit(VECTOR_EXAMPLES)
    kept = np.allclose(direction_of(model, "zwfq"), [1, 0, 0], atol=1e-3)
    assert kept == frozen


def test_only_so_many_other_words_of_the_file_are_kept(tmp_path: Path) -> None:
    model = quick_model(
        pretrained_embeddings=str(vector_file(tmp_path)), pretrained_embeddings_limit=1
    )
    model.fit(VECTOR_EXAMPLES)
    rows_of = model.learnt.encoder.vocabulary.vectors.of_word
    assert [bool(rows_of(word)) for word in ("zwfq", "uuho", "bdgt", "kkpe")] == [True] * 3 + [
        False
    ]


def test_a_word_of_the_file_only_is_an_unknown_word_with_a_vector(tmp_path: Path) -> None:
    model = quick_model(pretrained_embeddings=str(vector_file(tmp_path)))
    model.fit(VECTOR_EXAMPLES)
    vocabulary = model.learnt.encoder.vocabulary
    assert vocabulary.words == ("zwfq", "vlmk", "xyrr", "uuho")
    assert len(model.learnt.weights["word_embedding"]) == 5
    np.testing.assert_allclose(direction_of(model, "jjjj"), [0, 0, 1], atol=1e-3)


def test_a_model_with_vectors_answers_the_same_after_it_was_saved(tmp_path: Path) -> None:
    model = quick_model(pretrained_embeddings=str(vector_file(tmp_path)))
    model.fit(VECTOR_EXAMPLES)
    questions = ["bdgt kkpe", "jjjj", "zwfq nnnn"]
    assert copied(model, tmp_path / "model").predict(questions) == model.predict(questions)


def test_a_model_with_vectors_is_fine_tuned_with_or_without_the_file(tmp_path: Path) -> None:
    path = vector_file(tmp_path)
    model = quick_model(pretrained_embeddings=str(path))
    model.fit(VECTOR_EXAMPLES)
    without = copied(model, tmp_path / "model")
    without.finetune([*VECTOR_EXAMPLES, annotated("bdgt nnnn", "one")])
    np.testing.assert_allclose(direction_of(without, "bdgt"), [1, 0, 0], atol=1e-3)
    assert direction_of(without, "nnnn").tolist() == [0, 0, 0]
    path.write_text("nnnn 0 0 7\n")
    model.finetune([*VECTOR_EXAMPLES, annotated("nnnn", "one")])
    np.testing.assert_allclose(direction_of(model, "nnnn"), [0, 0, 1], atol=1e-3)
    np.testing.assert_allclose(direction_of(model, "kkpe"), [0, 1, 0], atol=1e-3)


def test_fine_tuning_needs_vectors_of_the_same_size(tmp_path: Path) -> None:
    path = vector_file(tmp_path)
    model = quick_model(pretrained_embeddings=str(path))
    model.fit(VECTOR_EXAMPLES)
    path.write_text("zwfq 1 2\n")
    with pytest.raises(DataError, match=r"has vectors of 2 numbers, .* has 3\. Use the same file"):
        model.finetune(VECTOR_EXAMPLES)


def test_vectors_can_be_added_by_fine_tuning(tmp_path: Path) -> None:
    model = quick_model()
    model.fit(VECTOR_EXAMPLES)
    path = vector_file(tmp_path)
    model.config = dataclasses.replace(model.config, pretrained_embeddings=str(path))
    model.finetune(VECTOR_EXAMPLES)
    np.testing.assert_allclose(direction_of(model, "kkpe"), [0, 1, 0], atol=1e-3)


def test_a_missing_vector_file_stops_the_training(tmp_path: Path) -> None:
    path = tmp_path / "absent.vec"
    with pytest.raises(DataError, match=r"'pretrained_embeddings: .*absent\.vec' cannot be read"):
        quick_model(pretrained_embeddings=str(path)).fit(toy_examples())


def test_misaligned_entities_alone_are_nothing_to_learn_from_if_dropped() -> None:
    with pytest.raises(NothingToLearnError):
        quick_model(misaligned_entities="drop").fit([CUT_EXAMPLE])
    assert quick_model().fit([CUT_EXAMPLE]).entity_types == 1


@pytest.mark.parametrize("settings", [{"encoder_size": 4}, {"encoder_size": 64}])
def test_fine_tuning_refuses_a_network_of_another_size(settings: Dict[str, Any]) -> None:
    model = quick_model()
    model.fit(toy_examples())
    model.config = dataclasses.replace(model.config, **settings)
    with pytest.raises(DataError, match="built with other settings"):
        model.finetune(toy_examples())


def test_settings_count_beside_a_config() -> None:
    model = JointModel(JointConfig(token_size=7), epochs=3)
    assert (model.config.token_size, model.config.epochs) == (7, 3)


# Vectors of upstream featurizers ----------------------------------------------------------------


def with_vectors_of_meaning(factor: float) -> List[Example]:
    """The toy examples with a vector of each text and of each token, of any scale."""
    rng = np.random.default_rng(3)
    intents = sorted({str(example.intent) for example in toy_examples()})
    of_intents = {intent: rng.normal(size=6) for intent in intents}
    return [
        dataclasses.replace(
            example,
            features={
                "encoder/sentence": factor * of_intents[str(example.intent)][None],
                "encoder/sequence": factor * rng.normal(size=(len(example.tokens), 6)),
            },
        )
        for example in toy_examples()
    ]


def test_the_scale_of_dense_features_changes_nothing() -> None:
    said = []
    for factor in (1.0, 1000.0):
        examples = with_vectors_of_meaning(factor)
        model = small_model(epochs=5)
        model.fit(examples)
        said.append([p.intents[0].confidence for p in model.predict(examples)])
        model.finetune(examples)
        said[-1] += [p.intents[0].confidence for p in model.predict(examples)]
    np.testing.assert_allclose(*said, atol=1e-3)


def test_what_a_text_means_is_known_without_any_of_its_words(tmp_path: Path) -> None:
    examples = with_vectors_of_meaning(5.0)
    model = small_model()
    model.fit(examples)
    model.save(tmp_path)
    for known in (model, JointModel.load(tmp_path)):
        for example in examples[::3]:
            new = dataclasses.replace(
                Example.from_text("zzz qqq"),
                features={"encoder/sentence": example.features["encoder/sentence"]},
            )
            assert known.predict([new])[0].intent == example.intent

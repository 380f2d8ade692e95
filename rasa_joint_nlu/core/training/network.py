"""The joint network in torch, as it is trained: one shared encoder, an intent and a slot head.

    distinct tokens: word + mean of n-grams (+ word vectors)   (U, D)
        └─ each occurrence (+ sequence features)               (B, T, D)
             └─ BiLSTM: a part for both heads, and one for slots  (B, T, 2H + 2H)
                  ├─ intent head: attention and max pooling of the first part's states, sentence
                  │               features                     (B, intents)
                  └─ slot head: states, token, left and right neighbour
                       ├─ emissions → CRF                      (B, T, tags)
                       └─ roles, groups                        (B, T, roles + 1), (…, groups + 1)

`rasa_joint_nlu.core.serving.runtime` runs the same network, without dropout, in NumPy; it also
counts the votes of words for intents, which `rasa_joint_nlu.core.training.votes` learns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Iterator, List, NamedTuple, Optional, Tuple, Union

import numpy as np
import torch
from scipy import sparse
from torch import Tensor, nn
from torch.nn import functional

from rasa_joint_nlu.core.arrays import Array, FeatureMatrix
from rasa_joint_nlu.core.batch import EncodedBatch, TokenTable
from rasa_joint_nlu.core.encoding import Encoder, FeatureSpec
from rasa_joint_nlu.core.training.crf import CRF
from rasa_joint_nlu.core.training.layers import initialized, linear
from rasa_joint_nlu.core.training.lstm import BiLSTM
from rasa_joint_nlu.core.training.plan import Plan

EMBEDDINGS = ("word_embedding", "ngram_embedding")
"""The weights of which a batch needs some rows only."""
_PROJECTION, _FEATURE = 0.1, 0.05
"""How far each number of a token's vector is spread by other vectors of a length of 1, and by one
of a sparse feature."""


class Output(NamedTuple):
    """`NetworkOutput` as tensors; shapes as there. The intents' logits are without words' votes.

    states: `(B, T, C H)` of the BiLSTM, after dropout; vectors: `(U, D)` of the distinct tokens.
    """

    intent_logits: Optional[Tensor]
    emissions: Optional[Tensor]
    role_logits: Optional[Tensor]
    group_logits: Optional[Tensor]
    states: Tensor
    vectors: Tensor


class Rows(NamedTuple):
    """The rows of the tables of words and of n-grams that a batch needs.

    words `(W, D)`, ngrams `(G, D)`.
    """

    words: Tensor
    ngrams: Tensor


@dataclass(frozen=True)
class Inputs:
    """A batch on the device.

    word_rows `(W,)`, ngram_rows `(G,)`: the rows of the tables that the batch needs, each once, and
    the first word's that of unknown ones; words `(U,)`, ngrams `(N,)`, ngram_offsets `(U,)`: the
    distinct tokens, by places in those rows; ngram_owners `(N,)`: to which of them an n-gram
    belongs; vectors `(V,)`, vector_offsets `(U,)`: rows of the pretrained vectors of each;
    index `(B, T)`.
    """

    word_rows: Tensor
    ngram_rows: Tensor
    words: Tensor
    ngrams: Tensor
    ngram_offsets: Tensor
    ngram_owners: Tensor
    vectors: Tensor
    vector_offsets: Tensor
    index: Tensor
    lengths: Tensor
    mask: Tensor
    features: Dict[str, Tuple[Tensor, ...]]

    @classmethod
    def of(cls, batch: EncodedBatch, table: TokenTable, device: torch.device) -> Inputs:
        """Put a batch on a device, each distinct token once; its ids are rows of the table."""
        distinct, index = np.unique(batch.token_ids, return_inverse=True)
        of_ngrams, of_vectors = table.ngrams.of_tokens(distinct), table.vectors.of_tokens(distinct)
        word_rows, words = np.unique(np.append(table.word_ids[distinct], 0), return_inverse=True)
        ngram_rows, ngrams = np.unique(of_ngrams.ids, return_inverse=True)

        def tensor(array: Array) -> Tensor:
            return torch.from_numpy(array).to(device)

        return cls(
            tensor(word_rows),
            tensor(ngram_rows),
            tensor(words[:-1]),
            tensor(ngrams),
            tensor(of_ngrams.offsets[:-1]),
            tensor(np.repeat(np.arange(len(distinct)), of_ngrams.counts)),
            tensor(of_vectors.ids),
            tensor(of_vectors.offsets[:-1]),
            tensor(index.reshape(batch.token_ids.shape)),
            torch.from_numpy(batch.lengths),
            tensor(batch.mask),
            {
                name: tuple(tensor(part) for part in _parts(matrix))
                for name, matrix in batch.features.items()
            },
        )


def _parts(matrix: FeatureMatrix) -> Tuple[Array, ...]:
    if not sparse.issparse(matrix):
        return (matrix.astype(np.float32),)
    return (
        matrix.indices.astype(np.int64),
        matrix.indptr[:-1].astype(np.int64),
        matrix.data.astype(np.float32),
    )


def _spread_of(spec: FeatureSpec) -> float:
    """How far the weights of a feature are spread at the beginning; votes are learnt elsewhere."""
    if spec.votes:
        return 0.0
    is_vector = spec.level == "sequence" and not spec.sparse
    return _PROJECTION if is_vector else _FEATURE


class JointNetwork(nn.Module):
    """One input, both outputs in one forward pass.

    affinity: `(intents, types)`, as `rasa_joint_nlu.core.training.affinity` has it. Only decoding
    uses it: in training examples, entities fit their intent anyway.

    units: of each upstream feature, what is a length of 1 to the network; what is exported has the
    weights divided by it.
    """

    affinity: Tensor
    pretrained: Tensor

    def __init__(
        self,
        encoder: Encoder,
        plan: Plan,
        generator: torch.Generator,
        vectors: Optional[Array] = None,
    ) -> None:
        """Build an untrained network.

        Args:
            encoder: decides the sizes of inputs and outputs.
            plan: decides the sizes in between, the tasks and the dropout.
            generator: the only source of chance, at the start and in dropout.
            vectors: `(rows, size)` pretrained vectors.
        """
        super().__init__()
        config, labels = plan.config, encoder.labels
        size, hidden = config.token_size, config.encoder_size
        self.encoder, self.plan, self.generator = encoder, plan, generator
        self.heads: List[str] = []
        has_slots = config.entity_recognition and len(labels.types) > 0
        # What intents need of a state and what entities need got into each other's way where all
        # of it was for both (Liu et al. 2017, "Adversarial Multi-task Learning for Text
        # Classification", has shared and private parts, too).
        self.shared_size = 2 * hidden
        if config.intent_classification and len(labels.intents) > 1:
            self.heads.append("intent")
            self.attention = linear(self.shared_size, 1, generator, bias=False)
            self.intent = linear(2 * self.shared_size, len(labels.intents), generator)
        self._add_inputs(vectors)
        self.lstm = BiLSTM(size, hidden, 2 if has_slots else 1, generator.device)
        self.count_words(np.ones(len(self.word_embedding)))
        if has_slots:
            self.heads.append("slot")
            self._add_slot_head(2 * self.shared_size + 3 * size)
        initialized(self.lstm, hidden, generator)

    def _add_inputs(self, vectors: Optional[Array]) -> None:
        """The tables of words and n-grams, and what takes vectors and features in."""
        vocabulary, config = self.encoder.vocabulary, self.plan.config
        size = config.token_size
        self.word_embedding = self._normal(1 + len(vocabulary.words), size, spread=0.1)
        self.ngram_embedding = self._normal(len(vocabulary.ngrams), size, spread=0.3)
        if vectors is not None:
            table = torch.from_numpy(vectors).to(self.generator.device)
            if config.freeze_pretrained_embeddings:
                self.register_buffer("pretrained", table, persistent=False)
            else:
                self.pretrained = nn.Parameter(table)
            self.pretrained_projection = self._normal(vectors.shape[1], size, spread=_PROJECTION)
        specs = self.encoder.features
        out = {"sequence": size, "sentence": len(self.encoder.labels.intents)}
        # A vector of a text is left to the votes: what is learnt at once is learnt better.
        self.levels = {spec.name: "votes" if spec.votes else spec.level for spec in specs}
        self.units = {spec.name: 1.0 for spec in specs}
        self.features = nn.ParameterList(
            self._normal(spec.size, out[spec.level], spread=_spread_of(spec)) for spec in specs
        )
        for spec, weight in zip(specs, self.features):
            weight.requires_grad_(not spec.votes)

    def _add_slot_head(self, inputs: int) -> None:
        """The CRF and its emissions, and roles and groups where the data have any."""
        labels, scheme, generator = self.encoder.labels, self.encoder.scheme, self.generator
        num_types = len(labels.types)
        self.emission = linear(inputs, scheme.num_tags(num_types), generator)
        self.crf = CRF(num_types, scheme)
        if "intent" in self.heads:
            even = torch.ones(len(labels.intents), num_types, device=generator.device)
            self.register_buffer("affinity", even)
        if labels.roles:
            self.role = linear(inputs, len(labels.roles) + 1, generator)
            self.type_role = nn.Parameter(torch.zeros(num_types, len(labels.roles) + 1))
        if labels.groups:
            self.group = linear(inputs, len(labels.groups) + 1, generator)
            self.type_group = nn.Parameter(torch.zeros(num_types, len(labels.groups) + 1))

    def count_words(self, counts: Array) -> None:
        """Let what is dropped depend on how often the word of each row is met in training.

        One that is met once is like those that are still to come, of which at most n-grams are
        known (Kiperwasser & Goldberg 2016, "Simple and Accurate Dependency Parsing Using
        Bidirectional LSTM Feature Representations").
        """
        rate = self.plan.config.word_drop_rate
        odds = torch.from_numpy(rate / (1 - rate) / np.maximum(counts, 1)).float()
        self.word_drop_rates = (odds / (1 + odds)).to(self.generator.device)

    def forward(self, inputs: Inputs, rows: Optional[Rows] = None) -> Output:
        """The logits of both heads.

        Args:
            rows: to use instead of those in the tables.
        """
        vectors = self._distinct(inputs, rows or self.rows(inputs))
        tokens = self._tokens(inputs, vectors)
        states = self.lstm(tokens, inputs.lengths)
        # One mask for all tokens of a message (Gal & Ghahramani 2016, "A Theoretically Grounded
        # Application of Dropout in RNNs"): else the maximum over tokens would hardly feel it.
        states = states * self._dropout(states[:, :1])
        slot_logits = self._slot_logits(states, tokens)
        return Output(self._intent_logits(states, inputs), *slot_logits, states, vectors)

    def rows(self, inputs: Inputs) -> Rows:
        """The rows of the tables that a batch needs."""
        return Rows(self.word_embedding[inputs.word_rows], self.ngram_embedding[inputs.ngram_rows])

    def _distinct(self, inputs: Inputs, rows: Rows) -> Tensor:
        """`(U, D)` vectors of the distinct tokens."""
        words = inputs.words
        if self.training:
            words = words * self._kept(words.shape, self.word_drop_rates[inputs.word_rows[words]])
        vectors = functional.embedding(words, rows.words) + self._ngram_means(inputs, rows)
        if hasattr(self, "pretrained"):
            of_words = functional.embedding_bag(
                inputs.vectors, self.pretrained, inputs.vector_offsets, mode="mean"
            )
            vectors = vectors + of_words @ self.pretrained_projection
        return vectors

    def _tokens(self, inputs: Inputs, distinct: Tensor) -> Tensor:
        """`(B, T, D)` the vector of each token, 0 for padding."""
        tokens = functional.embedding(inputs.index, distinct)
        for projected in self._projected(inputs, "sequence"):
            tokens = tokens + projected.view_as(tokens)
        return tokens * self._dropout(tokens) * inputs.mask[:, :, None]

    def _ngram_means(self, inputs: Inputs, rows: Rows) -> Tensor:
        """`(U, D)` mean of each token's n-grams, in training of a random part of them."""
        kept = rows.ngrams.new_ones(len(inputs.ngrams))
        if self.training and self.plan.ngram_drop_rate > 0:
            kept = kept * self._kept(kept.shape, self.plan.ngram_drop_rate)
        owners = inputs.ngram_owners
        totals = kept.new_zeros(len(inputs.words)).index_add_(0, owners, kept)
        return functional.embedding_bag(
            inputs.ngrams,
            rows.ngrams,
            inputs.ngram_offsets,
            mode="sum",
            per_sample_weights=kept / totals[owners].clamp(min=1),
        )

    def _intent_logits(self, states: Tensor, inputs: Inputs) -> Optional[Tensor]:
        if "intent" not in self.heads:
            return None
        states = states[:, :, : self.shared_size]
        # shape: (B, T, 1), what keeps padding out of a maximum
        least = torch.zeros_like(states[:, :, :1]).masked_fill_(
            ~inputs.mask[:, :, None], -torch.inf
        )
        weights = (self.attention(states) + least).softmax(1)
        attended = (weights.transpose(1, 2) @ states)[:, 0]
        logits: Tensor = self.intent(torch.cat([attended, (states + least).amax(1)], dim=1))
        for projected in self._projected(inputs, "sentence"):
            logits = logits + projected
        return logits

    def _slot_logits(
        self, states: Tensor, tokens: Tensor
    ) -> Tuple[Optional[Tensor], Optional[Tensor], Optional[Tensor]]:
        if "slot" not in self.heads:
            return None, None, None
        nothing = torch.zeros_like(tokens[:, :1])
        left = torch.cat([nothing, tokens[:, :-1]], dim=1)
        right = torch.cat([tokens[:, 1:], nothing], dim=1)
        # shape: (B, T, 4H + 3D)
        slots = torch.cat([states, tokens, left, right], dim=2)
        return (
            self.emission(slots),
            self.role(slots) if hasattr(self, "role") else None,
            self.group(slots) if hasattr(self, "group") else None,
        )

    def _dropout(self, values: Tensor) -> Tensor:
        """Factors for values of this shape; 1 unless in training."""
        rate = self.plan.drop_rate
        if not self.training or rate <= 0:
            return values.new_ones(())
        return self._kept(values.shape, rate) / (1 - rate)

    def _kept(self, shape: torch.Size, rate: Union[float, Tensor]) -> Tensor:
        device = self.generator.device
        return torch.rand(shape, generator=self.generator, device=device) >= rate

    def _normal(self, *shape: int, spread: float) -> nn.Parameter:
        return nn.Parameter(
            torch.empty(shape, device=self.generator.device).normal_(
                0, spread, generator=self.generator
            )
        )

    def _projected(self, inputs: Inputs, level: str) -> Iterator[Tensor]:
        for (name, its_level), weight in zip(self.levels.items(), self.features):
            if its_level == level:
                yield project(inputs.features[name], weight) / self.units[name]


def project(feature: Tuple[Tensor, ...], weight: Tensor) -> Tensor:
    """A linear map of an upstream feature by a weight of shape `(size, out)`.

    The feature is `(dense,)` or the sparse rows `(columns, offsets, values)`.
    """
    if len(feature) == 1:
        return feature[0] @ weight
    columns, offsets, values = feature
    return functional.embedding_bag(columns, weight, offsets, mode="sum", per_sample_weights=values)

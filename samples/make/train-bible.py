#!/usr/bin/env python3
"""Trains the sample `samples/bible`: a small ALBERT that fills masks in English of 1611.

Text: the King James Version, in the public domain, as Debian's `bible-kjv` prints it
(`apt-get install bible-kjv`). Needs torch, transformers and sentencepiece:

    python3 samples/make/train-bible.py --into /tmp/bible
    python3 samples/make/write-bible.py /tmp/bible samples/bible

It begins with two layers and grows to four. All of them share one set of weights, so that another one
needs nothing new; from the start four learn nothing. Each stage is saved when it ends, and a second call
begins where the first one stopped.

One thread; the learning rate follows the processor time, so that the result is as good whatever else
the machine does. One verse in fifty is held out and never seen.
"""
import argparse
import math
import random
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import sentencepiece as spm
import torch
from torch.nn.functional import cross_entropy
from transformers import AlbertConfig, AlbertForPreTraining

PAD, UNK, CLS, SEP, MASK = range(5)
VOCABULARY = 4096
POSITIONS = 128
HELD_OUT = 50  # one verse in so many


@dataclass
class Stage:
    layers: int
    minutes: float  # of processor time
    rate: float  # of learning, at most
    end: float  # the share of it that is left at the end


STAGES = [Stage(2, 6, 3e-3, 0), Stage(3, 4, 2e-3, 0.6), Stage(4, 4.2, 2e-3, 0)]


def verses() -> list[str]:
    text = subprocess.run(["bible", "-f", "gen1:1-rev22:21"], capture_output=True, text=True, check=True)
    lines = [re.sub(r"^\S*?\d+:\d+ ", "", line).strip() for line in text.stdout.splitlines()]
    lines = [line for line in lines if line]
    assert len(lines) == 31_102, len(lines)
    return lines


def vocabulary(lines: list[str], folder: Path) -> spm.SentencePieceProcessor:
    """The options of Google's README, but for the size."""
    model = folder / "30k-clean.model"
    if not model.exists():
        spm.SentencePieceTrainer.train(
            sentence_iterator=(line.lower() for line in lines), model_prefix=str(folder / "30k-clean"),
            vocab_size=VOCABULARY, pad_id=0, unk_id=1, eos_id=-1, bos_id=-1,
            control_symbols=["[CLS]", "[SEP]", "[MASK]"],
            user_defined_symbols=["(", ")", '"', "-", ".", "–", "£", "€"],
            character_coverage=0.99995, model_type="unigram", num_threads=1, minloglevel=1)
    return spm.SentencePieceProcessor(model_file=str(model))


def write_questions(lines: list[str], pieces: spm.SentencePieceProcessor, path: Path) -> None:
    """The held-out verses with one word in seven masked, and behind tabs what they were.

    Only words that are one piece, since a mask stands for one.
    """
    chance = random.Random(1611)
    questions = []
    for line in (line for i, line in enumerate(lines) if i % HELD_OUT == HELD_OUT - 1):
        parts = re.split(r"([A-Za-z]+)", line)
        answers = []
        for i in range(1, len(parts), 2):
            stands_alone = parts[i - 1] in ("", " ")
            if stands_alone and len(pieces.encode(parts[i].lower())) == 1 and chance.random() < 1 / 7:
                answers.append(parts[i].lower())
                parts[i] = "[MASK]"
        if answers:
            questions.append("\t".join(["".join(parts), *answers]))
    path.write_text("\n".join(questions) + "\n")


def batches(ids: list[list[int]], tokens: int, random: random.Random):
    """Without end: lists of (first, second or none, swapped) of about the same length."""
    while True:
        examples = []
        order = list(range(len(ids)))
        random.shuffle(order)
        for i in order:
            first, second, label = ids[i], None, -100
            if random.random() < 0.15 and i + 1 < len(ids):
                second = ids[i + 1]
                label = int(random.random() < 0.5)
                if label:
                    first, second = second, first
            over = len(first) + len(second or []) + 2 + (second is not None) - POSITIONS
            if over > 0 and second is not None:
                first, second, label = ids[i], None, -100
            examples.append((first[: POSITIONS - 2], second, label))
        examples.sort(key=lambda e: len(e[0]) + len(e[1] or []) + random.random() * 4)
        groups, group, longest = [], [], 0
        for example in examples:
            length = len(example[0]) + len(example[1] or []) + 3
            if group and max(longest, length) * (len(group) + 1) > tokens:
                groups.append(group)
                group, longest = [], 0
            group.append(example)
            longest = max(longest, length)
        groups.append(group)
        random.shuffle(groups)
        yield from groups


def tensors(group, generator: torch.Generator):
    rows, segments = [], []
    for first, second, _ in group:
        row, segment = [CLS, *first, SEP], [0] * (len(first) + 2)
        if second is not None:
            row, segment = [*row, *second, SEP], segment + [1] * (len(second) + 1)
        rows.append(row)
        segments.append(segment)
    width = max(map(len, rows))
    ids = torch.tensor([row + [PAD] * (width - len(row)) for row in rows])
    types = torch.tensor([row + [0] * (width - len(row)) for row in segments])
    mask = (ids != PAD).long()
    eligible = (ids > MASK)
    chosen = (torch.rand(ids.shape, generator=generator) < 0.3) & eligible
    inputs = ids.masked_fill(chosen, MASK)
    return inputs, types, mask, chosen, ids[chosen], torch.tensor([label for *_, label in group])


def words_by_counting(ids: list[list[int]], width: int) -> torch.Tensor:
    """A vector for each piece, by what stands around it in the text."""
    together = torch.zeros(VOCABULARY, VOCABULARY)
    for row in map(torch.tensor, ids):
        for distance in range(1, 5):
            if len(row) > distance:
                together.index_put_((row[:-distance], row[distance:]), torch.tensor(1 / distance), accumulate=True)
    together += together.T.clone()
    single = together.sum(0)
    share = (together * single.sum() / (single[:, None] * single[None, :]).clamp(min=1)).clamp(min=1).log()
    left, scale, _ = torch.svd_lowrank(share, q=width + 16, niter=4)
    words = (left * scale.sqrt())[:, :width]
    return words / words.std()


@torch.no_grad()
def begin(model, ids: list[list[int]]) -> None:
    """Starts where counting and thinking lead, so that minutes are enough.

    Words begin with what stands around them, and as likely as they are frequent. Positions are waves in
    dimensions of their own, and each head begins by looking at a neighbour: before, behind, two before,
    two behind.
    """
    waves, word_width = 16, 48
    frequency = 2 * math.pi / torch.logspace(math.log10(3), math.log10(200), waves // 2)
    angle = torch.arange(POSITIONS)[:, None] * frequency[None, :]
    embeddings, layer = model.albert.embeddings, model.albert.encoder.albert_layer_groups[0].albert_layers[0]
    words = torch.zeros(VOCABULARY, 64)
    words[:, :word_width] = words_by_counting(ids, word_width)
    embeddings.word_embeddings.weight.copy_(words * 0.15)
    positions = torch.zeros(POSITIONS, 64)
    positions[:, word_width::2], positions[:, word_width + 1::2] = angle.sin(), angle.cos()
    embeddings.position_embeddings.weight.copy_(positions * 0.2)
    embeddings.token_type_embeddings.weight.mul_(0.1)
    model.albert.encoder.embedding_hidden_mapping_in.weight[:64] = torch.eye(64)
    attention = layer.attention
    query, key, value = (torch.randn(128, 128) * 0.02 for _ in range(3))
    for head, offset in enumerate([-1, 1, -2, 2]):
        turn = torch.block_diag(*[torch.tensor([[c, s], [-s, c]]) for c, s in zip(
            (frequency * offset).cos().tolist(), (frequency * offset).sin().tolist())])
        first = head * 32
        query[first:first + waves, word_width:64] += 1.7 * turn
        key[first:first + waves, word_width:64] += 1.7 * torch.eye(waves)
        value[first:first + 32, :word_width] += torch.nn.init.orthogonal_(torch.empty(32, word_width))
    attention.query.weight.copy_(query)
    attention.key.weight.copy_(key)
    attention.value.weight.copy_(value)
    attention.dense.weight.copy_(torch.nn.init.orthogonal_(torch.empty(128, 128)) * 0.5)
    attention.dense.weight[word_width:64] = 0
    counts = torch.bincount(torch.tensor([piece for row in ids for piece in row]), minlength=VOCABULARY)
    model.predictions.bias.copy_(((counts + 0.5) / counts.sum()).log())


class Growth:
    """Fades the layers in that a stage adds, so that what was learnt is not lost at its first step."""

    def __init__(self, model, layers: int):
        self.known, self.share, self.applied = model.config.num_hidden_layers, 0.0, 0
        model.config.num_hidden_layers = layers
        encoder = model.albert.encoder
        self.hooks = [encoder.register_forward_pre_hook(self.begin),
                      encoder.albert_layer_groups[0].register_forward_hook(self.fade)]

    def begin(self, *_):
        self.applied = 0

    def fade(self, _, inputs, output):
        self.applied += 1
        return output if self.applied <= self.known else torch.lerp(inputs[0], output, self.share)

    def end(self):
        for hook in self.hooks:
            hook.remove()


@torch.no_grad()
def accuracy(model, held: list[list[int]]) -> float:
    """Of one masked piece in seven in the held-out verses, how many come first."""
    generator = torch.Generator().manual_seed(7)
    right = total = 0
    for at in range(0, len(held), 64):
        rows = [[CLS, *row[: POSITIONS - 2], SEP] for row in held[at : at + 64]]
        width = max(map(len, rows))
        ids = torch.tensor([row + [PAD] * (width - len(row)) for row in rows])
        chosen = (torch.rand(ids.shape, generator=generator) < 1 / 7) & (ids > MASK)
        inputs = ids.masked_fill(chosen, MASK)
        hidden = model.albert(inputs, attention_mask=(ids != PAD).long()).last_hidden_state
        best = model.predictions(hidden[chosen]).argmax(-1)
        right += int((best == ids[chosen]).sum())
        total += int(chosen.sum())
    return right / max(total, 1)


def save(model, folder: Path) -> None:
    """Under the name that the form of GELU has with Google's models; while training it is one operation."""
    model.config.hidden_act = "gelu_new"
    model.save_pretrained(folder)
    model.config.hidden_act = "gelu_pytorch_tanh"


def train(model, stage: Stage, seen, held, tokens: int, folder: Path) -> None:
    shuffle, generator = random.Random(1611), torch.Generator().manual_seed(1611)
    growth = Growth(model.train(), stage.layers)
    decayed = [p for p in model.parameters() if p.ndim > 1]
    plain = [p for p in model.parameters() if p.ndim <= 1]
    optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}],
                                  lr=0.0, betas=(0.9, 0.98), eps=1e-6)
    began = reported = time.process_time()
    loss_sum = order_sum = count = orders = step = 0
    for group in batches(seen, tokens, shuffle):
        elapsed = (time.process_time() - began) / (stage.minutes * 60)
        if elapsed >= 1:
            break
        rate = stage.rate * min(elapsed / 0.02, 1 - elapsed * (1 - stage.end), (step + 1) / 200)
        for parameters in optimizer.param_groups:
            parameters["lr"] = rate
        growth.share = min(elapsed / 0.15, 1.0)
        inputs, types, mask, chosen, targets, labels = tensors(group, generator)
        if not len(targets):
            continue
        states = model.albert(inputs, attention_mask=mask, token_type_ids=types)
        loss = cross_entropy(model.predictions(states.last_hidden_state[chosen]), targets)
        loss_sum, count = loss_sum + loss.item(), count + 1
        if (labels >= 0).any():
            order = cross_entropy(model.sop_classifier(states.pooler_output), labels)
            order_sum, orders = order_sum + order.item(), orders + 1
            loss = loss + 0.2 * order
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step += 1
        if step % 100 == 0:
            print(f"{stage.layers} layers {elapsed:6.1%} step {step} rate {rate:.1e} masked-LM {loss_sum / count:.3f} "
                  f"order {order_sum / max(orders, 1):.3f} cpu {time.process_time() - began:.0f} s", flush=True)
            loss_sum = order_sum = count = orders = 0
        if time.process_time() - reported > 60:
            model.eval()
            print(f"       held out: {accuracy(model, held):.1%}", flush=True)
            model.train()
            reported = time.process_time()
    growth.end()
    model.eval()
    print(f"{stage.layers} layers, held out: {accuracy(model, held):.1%} after {step} steps", flush=True)
    save(model, folder)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--tokens", type=int, default=1024, help="of one step")
    parser.add_argument("--spread", type=float, default=0.08, help="standard deviation of new weights")
    options = parser.parse_args()
    options.into.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.manual_seed(1611)

    lines = verses()
    pieces = vocabulary(lines, options.into)
    write_questions(lines, pieces, options.into / "held-out.tsv")
    ids = pieces.encode([line.lower() for line in lines])
    held = [row for i, row in enumerate(ids) if i % HELD_OUT == HELD_OUT - 1]
    seen = [row for i, row in enumerate(ids) if i % HELD_OUT != HELD_OUT - 1]
    print(f"{len(seen)} verses, {sum(map(len, seen))} pieces; {len(held)} held out", flush=True)

    if (options.into / "model.safetensors").exists():
        model = AlbertForPreTraining.from_pretrained(options.into, hidden_act="gelu_pytorch_tanh")
        stages = [stage for stage in STAGES if stage.layers > model.config.num_hidden_layers]
    else:
        model = AlbertForPreTraining(AlbertConfig(
            vocab_size=VOCABULARY, embedding_size=64, hidden_size=128, num_hidden_layers=STAGES[0].layers,
            num_hidden_groups=1, inner_group_num=1, num_attention_heads=4, intermediate_size=512,
            hidden_act="gelu_pytorch_tanh", hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
            max_position_embeddings=POSITIONS, initializer_range=options.spread, type_vocab_size=2,
            pad_token_id=PAD, bos_token_id=CLS, eos_token_id=SEP))
        begin(model, seen)
        stages = STAGES
    for stage in stages:
        train(model, stage, seen, held, options.tokens, options.into)


if __name__ == "__main__":
    main()

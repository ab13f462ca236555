"""Tokenizers to compare with: SentencePiece models trained as ALBERT's were, and what transformers
makes of them."""
import os
import random

import sentencepiece

import tokenizer_texts


def sentence_piece(path, size=4000, seed=3, lines=6000, **options):
    """A unigram model with ALBERT's control symbols, as its authors trained theirs."""
    if os.path.exists(path):
        return
    rng = random.Random(seed)
    corpus = path + ".txt"
    with open(corpus, "w", encoding="utf-8") as file:
        for line in tokenizer_texts.sentences(rng, lines):
            file.write(" ".join(line.split()).lower() + "\n")
    settings = dict(
        input=corpus, model_prefix=path[: -len(".model")], vocab_size=size, model_type="unigram",
        pad_id=0, unk_id=1, eos_id=-1, bos_id=-1, control_symbols="[CLS],[SEP],[MASK]",
        user_defined_symbols="(,),\",-,.,\u2013,\u00a3,\u20ac", shuffle_input_sentence=False,
        character_coverage=0.99, minloglevel=2, num_threads=1)
    settings.update(options)
    sentencepiece.SentencePieceTrainer.train(**settings)
    os.remove(corpus)


def word_piece(path, seed=4):
    """A vocabulary like that of the Chinese models: characters, letters, and some words."""
    if os.path.exists(path):
        return
    rng = random.Random(seed)
    counts, characters = {}, {}
    for line in tokenizer_texts.sentences(rng, 6000):
        for word in line.lower().split():
            counts[word] = counts.get(word, 0) + 1
            for c in word:
                characters[c] = characters.get(c, 0) + 1
    pieces = ["[PAD]"] + ["[unused%d]" % i for i in range(1, 100)] + ["[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    seen = set(pieces)

    def add(piece):
        if piece not in seen and piece.strip() and len(piece.split()) == 1:
            seen.add(piece)
            pieces.append(piece)

    for c, n in sorted(characters.items(), key=lambda item: (-item[1], item[0])):
        if n > 3:
            add(c)
            add("##" + c)
    for word, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:4000]:
        add(word[:5])
        add("##" + word[-3:])
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write("\n".join(pieces) + "\n")

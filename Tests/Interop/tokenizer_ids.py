"""Ids of 20,000 texts in 24 scripts and of hostile ones, against transformers' tokenizers."""
import json
import os
import subprocess

# Before `interop`, which takes this folder out of the way of libraries.
import tokenizer_models
import tokenizer_texts
import interop

import sentencepiece
import transformers

transformers.logging.set_verbosity_error()
checks = interop.Checks(
    "tokenizer_ids: transformers %s, sentencepiece %s"
    % (transformers.__version__, sentencepiece.__version__))
modern = int(transformers.__version__.split(".")[0]) >= 5


def made(name, make, file):
    """A folder among the models with a vocabulary that `make` writes once."""
    folder = checks.source("tokenizers", name)
    os.makedirs(folder, exist_ok=True)
    make(os.path.join(folder, file))
    return folder


def ids(folder, texts, *options):
    """The tool's ids; lines go through standard input, what is more than a line as an argument."""
    lines = [t for t in texts if "\n" not in t and not t.endswith("\r")]
    done = subprocess.run(
        [checks.albert, "tokenize", folder, "--json", *options],
        input="".join(line + "\n" for line in lines).encode(), stdout=subprocess.PIPE)
    answers = iter(json.loads(done.stdout)["texts"]) if done.returncode == 0 else iter(())
    result = []
    for text in texts:
        if "\n" not in text and not text.endswith("\r"):
            answer = next(answers, None)
        elif "\0" in text:
            answer = None
        else:
            alone = subprocess.run(
                [checks.albert, "tokenize", folder, text, "--json", *options], stdout=subprocess.PIPE)
            answer = json.loads(alone.stdout)["texts"][0] if alone.returncode == 0 else None
        result.append(answer and answer["ids"])
    return result


def compare(name, folder, tokenizer, texts, *options):
    """Checks that no text has other ids."""
    wrong = []
    for text, found in zip(texts, ids(folder, texts, *options)):
        if found is None and "\n" in text and "\0" in text:
            continue
        expected = tokenizer(text)["input_ids"]
        if found != list(expected):
            wrong.append(text)
    detail = "%d texts" % len(texts) if not wrong else "%d differ, such as %r" % (
        len(wrong), wrong[0][:80])
    checks.check(name, not wrong, detail)


texts = list(tokenizer_texts.texts())
long = [tokenizer_texts.megabyte()]
albert = made("albert", tokenizer_models.sentence_piece, "spiece.model")
bytes_too = made(
    "bytes", lambda path: tokenizer_models.sentence_piece(path, byte_fallback=True), "spiece.model")
bert = made("bert", tokenizer_models.word_piece, "vocab.txt")

# Fewer are enough for what differs in the settings alone.
some = texts[:60] + texts[60::9]


def variant(name, tokenizer):
    """Compares a tokenizer with what it saves, by the class that it was saved by."""
    folder = checks.output("saved-" + name.replace(" ", "-").replace(",", ""))
    tokenizer.save_pretrained(folder)
    compare(name, folder, type(tokenizer).from_pretrained(folder), some)


def added(tokenizer):
    """The tokenizer with tokens of a user's, some of them special."""
    tokenizer.add_tokens(
        ["qzx", "Upper Case", transformers.AddedToken("<tag>", lstrip=True, rstrip=True, normalized=False),
         transformers.AddedToken("whole", single_word=True)])
    tokenizer.add_special_tokens({"additional_special_tokens": ["<ent>", "[E1]"]})
    return tokenizer


marked = ["a qzx b", "aqzxb", "an Upper Case upper case UPPER CASE word", " a  <tag>  b <tag>", "<tag><tag>",
          "whole wholesale unwhole (whole) whole", "x<ent>y [E1] [e1]", "  <ent>  ", "qzxqzx whole<ent>"]
some = marked + some

if modern:
    saved = checks.output("saved")
    transformers.AlbertTokenizer.from_pretrained(albert).save_pretrained(saved)
    tokenizer = transformers.AlbertTokenizer.from_pretrained(saved)
    compare("tokenizer.json", saved, tokenizer, texts)
    compare("tokenizer.json, a line of 1 MB", saved, tokenizer, long)
    saved = checks.output("saved-bert")
    transformers.BertTokenizer.from_pretrained(bert).save_pretrained(saved)
    compare("BERT's tokenizer.json", saved, transformers.BertTokenizer.from_pretrained(saved), texts)
    variant("added tokens", added(transformers.AlbertTokenizer.from_pretrained(albert)))
    variant("cased, with accents", transformers.AlbertTokenizer.from_pretrained(
        albert, do_lower_case=False, keep_accents=True))
    variant("BERT, cased", transformers.BertTokenizer.from_pretrained(bert, do_lower_case=False))
    variant("BERT, added tokens", added(transformers.BertTokenizer.from_pretrained(bert)))
else:
    for name, folder in (("ALBERT", albert), ("ALBERT with bytes", bytes_too)):
        slow = transformers.AlbertTokenizer.from_pretrained(folder)
        compare(name + ", slow", folder, slow, texts, "--as", "slow")
        compare(name + ", slow, a line of 1 MB", folder, slow, long, "--as", "slow")
        fast = transformers.AlbertTokenizerFast.from_pretrained(folder)
        compare(name + ", fast", folder, fast, texts, "--as", "fast")
        saved = checks.output("saved-" + name.replace(" ", "-"))
        fast.save_pretrained(saved)
        compare(name + ", tokenizer.json", saved, fast, texts)
    cased = transformers.AlbertTokenizer.from_pretrained(
        albert, do_lower_case=False, keep_accents=True, remove_space=False)
    saved = checks.output("saved-cased")
    cased.save_pretrained(saved)
    compare("cased, with accents and spaces", saved, cased, texts)
    slow = transformers.BertTokenizer.from_pretrained(bert)
    compare("BERT, slow", bert, slow, texts, "--as", "slow")
    compare("BERT, slow, a line of 1 MB", bert, slow, long, "--as", "slow")
    compare("BERT, fast", bert, transformers.BertTokenizerFast.from_pretrained(bert), texts, "--as", "fast")
    variant("slow, added tokens", added(transformers.AlbertTokenizer.from_pretrained(albert)))
    variant("fast, added tokens", added(transformers.AlbertTokenizerFast.from_pretrained(albert)))
    variant("slow, another mask", transformers.AlbertTokenizer.from_pretrained(albert, mask_token="[E1]"))
    variant("fast, with accents", transformers.AlbertTokenizerFast.from_pretrained(albert, keep_accents=True))
    for kind in ("BertTokenizer", "BertTokenizerFast"):
        make = getattr(transformers, kind).from_pretrained
        variant(kind + ", cased", make(bert, do_lower_case=False))
        variant(kind + ", with accents", make(bert, do_lower_case=True, strip_accents=False))
        variant(kind + ", Chinese together", make(bert, tokenize_chinese_chars=False))
        variant(kind + ", added tokens", added(make(bert)))
checks.finish()

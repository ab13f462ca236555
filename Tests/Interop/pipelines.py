"""What a model says of texts, against transformers' pipelines: the trained sample, and each task head."""
import os

import interop

import json
import shutil
import subprocess

import torch
import transformers

transformers.logging.set_verbosity_error()
checks = interop.Checks(
    "pipelines: transformers %s, torch %s" % (transformers.__version__, torch.__version__))
modern = int(transformers.__version__.split(".")[0]) >= 5
TOLERANCE = 1e-5
here = os.path.dirname(os.path.abspath(__file__))
sample = os.path.join(here, "..", "..", "samples", "bible")
heads = os.path.join(here, "..", "Fixtures", "heads")


def read(model, *options, lines=None):
    """What the tool says of each text."""
    done = subprocess.run(
        [checks.albert, "run", model, "--json", *options], stdout=subprocess.PIPE,
        input=None if lines is None else "".join(line + "\n" for line in lines).encode())
    return json.loads(done.stdout)["texts"] if done.returncode == 0 else []


def tokenizer(folder, vocabulary):
    """The tokenizer of a vocabulary, saved into the folder as this version saves it."""
    path = os.path.join(folder, "spiece.model")
    if not os.path.exists(path):
        shutil.copy(vocabulary, path)
    if modern:
        made = transformers.AlbertTokenizer.from_pretrained(folder)
        # Version 5 leaves the segments out by itself, so that the second text of a pair counts as the
        # first one's, although the tokenizer's own template tells them apart.
        made.model_input_names = ["input_ids", "token_type_ids", "attention_mask"]
    else:
        made = transformers.AlbertTokenizerFast(vocab_file=path)
    made.save_pretrained(folder)
    return made


def head(kind, **config):
    """A copy of a fixture's folder with a changed config, and what transformers makes of it."""
    folder = checks.output("%s-%d" % (kind, checks.count))
    os.mkdir(folder)
    shutil.copy(os.path.join(heads, kind, "model.safetensors"), folder)
    with open(os.path.join(heads, kind, "config.json")) as file:
        document = json.load(file)
    document.update(config)
    # They are kept in half precision and run in single precision, here as in the tool.
    document["torch_dtype"] = document["dtype"] = "float32"
    with open(os.path.join(folder, "config.json"), "w") as file:
        json.dump(document, file)
    made = tokenizer(folder, os.path.join(heads, "spiece.model"))
    model = getattr(transformers, interop.HEADS[kind]).from_pretrained(folder).float().eval()
    return folder, model, made


class Worst:
    """The largest difference of some numbers, and the first text of which something else is said."""

    def __init__(self, name):
        self.name, self.error, self.count, self.wrong = name, 0.0, 0, None

    def same(self, mine, theirs, text):
        if mine != theirs and self.wrong is None:
            self.wrong = "%r: %r, not %r" % (text[:60], mine, theirs)

    def close(self, mine, theirs):
        self.count += 1
        self.error = max(self.error, abs(mine - theirs))

    def finish(self):
        checks.worst["small"] = max(checks.worst.get("small", 0), self.error)
        good = self.wrong is None and self.error < TOLERANCE and self.count > 0
        checks.check(
            self.name, good, self.wrong or "%d numbers, max error %.1e" % (self.count, self.error))


def fill_masks():
    folder = checks.convert(sample, "bible", "--to", "huggingface")
    made = tokenizer(folder, os.path.join(sample, "30k-clean.model"))
    masked = transformers.AlbertForMaskedLM.from_pretrained(folder).eval()
    native = checks.convert(folder, "bible.albert")
    with open(os.path.join(sample, "held-out.tsv"), encoding="utf-8") as file:
        texts = [line.split("\t")[0].rstrip("\n") for line in file][:60]
    texts = [text for text in texts if len(made(text)["input_ids"]) <= 128]
    fill = transformers.pipeline("fill-mask", model=masked, tokenizer=made, top_k=8)
    sources = [("folder", folder), ("native", native)]
    if not modern:
        # Version 5 looks for marks such as a full stop before all else, which Google's code does not.
        sources.insert(0, ("TensorFlow 1", sample))
    for name, source in sources:
        worst = Worst("fill-mask, %s: words and probabilities" % name)
        found = read(source, "--text", "-", "--top", "8", lines=texts)
        worst.same(len(found), len(texts), "the number of texts")
        for text, mine in zip(texts, found):
            theirs = fill(text)
            theirs = theirs if isinstance(theirs[0], list) else [theirs]
            worst.same(len(mine["masks"]), len(theirs), text)
            for mask, words in zip(mine["masks"], theirs):
                # Words that are as likely may stand in either order.
                likely = {w["token"]: w["score"] for w in words}
                for word in mask["words"][:5]:
                    if word["id"] in likely:
                        worst.close(word["probability"], likely[word["id"]])
                    else:
                        worst.same(word["word"], [w["token_str"] for w in words], text)
                worst.same(mask["words"][0]["word"], words[0]["token_str"], text)
        worst.finish()
    model = transformers.AlbertForPreTraining.from_pretrained(folder).eval()
    order, vector = Worst("sentence order"), Worst("embedding: the mean of the hidden states")
    for first, second in zip(texts[:10], texts[10:20]):
        with torch.no_grad():
            theirs = model(**made(first, second, return_tensors="pt")).sop_logits.softmax(-1)[0]
            hidden = model.albert(**made(first, return_tensors="pt")).last_hidden_state.mean(1)[0]
        mine = read(native, "--text", first, "--pair", second)[0]
        order.close(mine["order"]["in_order"], float(theirs[0]))
        output = checks.output("vector.npy")
        mine = read(native, "--text", first, "--output", output, "--force")[0]
        for left, right in zip(mine["embedding"], hidden.tolist()):
            vector.close(left, right)
    order.finish()
    vector.finish()


TEXTS = [
    "heho cu kuvodomu ni re pihekobe jace bo re sopo?", "Mulituhu  napote so\tfufe mijuzo!",
    "tuze, murudupe (seta) \"zepamuku\" tu-tuze 1,234 \u00a35 fofapa.",
    "\u00c9l na\u00efve \u00c7A \u4e2d\u6587 re sopo", "sopo"]


def classify():
    for problem in (None, "single_label_classification", "multi_label_classification", "regression"):
        folder, model, made = head(
            "seqcls", problem_type=problem, id2label={"0": "bad", "1": "fair", "2": "good"},
            label2id={"bad": 0, "fair": 1, "good": 2})
        # Only later versions know by themselves what a regression is.
        pipe = transformers.pipeline(
            "text-classification", model=model, tokenizer=made, top_k=None,
            function_to_apply="none" if problem == "regression" else None)
        worst = Worst("text-classification, %s" % (problem or "no problem_type"))
        pairs = [(text, None) for text in TEXTS] + [(TEXTS[0], TEXTS[1]), (TEXTS[3], TEXTS[2])]
        most = model.config.max_position_embeddings
        for text, pair in pairs:
            if len(made(text, pair)["input_ids"]) > most:
                continue
            mine = read(folder, "--text", text, *(["--pair", pair] if pair else []))[0]["labels"]
            theirs = pipe({"text": text, "text_pair": pair} if pair else text)
            theirs = theirs[0] if isinstance(theirs[0], list) else theirs
            worst.same([m["label"] for m in mine], [t["label"] for t in theirs], text)
            for left, right in zip(mine, theirs):
                worst.close(left["score"], right["score"])
        worst.finish()


def label_tokens():
    names = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
    folder, model, made = head(
        "tokencls", id2label={str(i): n for i, n in enumerate(names)},
        label2id={n: i for i, n in enumerate(names)})

    def part(text, found):
        return text[found["start"]:found["end"]].strip()

    for strategy, key in (("none", "token_labels"), ("first", "words"), ("first", "entities")):
        ignored = ["O"] if key == "entities" else []
        pipe = transformers.pipeline(
            "token-classification", model=model, tokenizer=made, aggregation_strategy=strategy,
            ignore_labels=ignored)
        worst = Worst("token-classification, %s: %s" % (strategy, key))
        for text in TEXTS:
            mine, theirs = read(folder, "--text", text)[0][key], pipe(text)
            if key == "words":
                # The pipeline merges neighbours here too; what a word is labelled is in the entities.
                spans = [(t["start"], t["end"]) for t in theirs]
                for word in mine:
                    worst.same(
                        any(s <= word["start"] and word["end"] <= e for s, e in spans), True, text)
                    worst.close(0, 0)
                continue
            # A lone mark of a word's beginning is no word.
            theirs = [t for t in theirs if t["word"]]
            label = "entity" if key == "token_labels" else "entity_group"
            worst.same([m["label"] for m in mine], [t[label] for t in theirs], text)
            for left, right in zip(mine, theirs):
                worst.close(left["probability"], float(right["score"]))
                if key == "entities" or left["piece"] != "\u2581":
                    worst.same(part(text, left), part(text, right), text)
        worst.finish()


def answer():
    folder, model, made = head("qa")
    made.model_max_length = model.config.max_position_embeddings
    long = " ".join(TEXTS * 6)
    questions = [(TEXTS[0], TEXTS[2]), (TEXTS[1], TEXTS[0]), (TEXTS[0], long), ("cu re?", long)]
    if modern:
        # Later versions have no pipeline for questions: the best answer of a context of one window.
        worst = Worst("questions: the best answer's score by the model's logits")
        for question, context in questions[:2] + [("cu re?", TEXTS[0]), ("sopo", TEXTS[1])]:
            inputs = made(question, context, return_tensors="pt")
            if inputs["input_ids"].shape[1] > model.config.max_position_embeddings:
                continue
            with torch.no_grad():
                out = model(**inputs)
            segments = inputs["token_type_ids"][0].tolist()
            last = len(segments) - 1
            allowed = torch.tensor([i == 0 or (s == 1 and i < last) for i, s in enumerate(segments)])
            start, end = (scores[0].masked_fill(~allowed, -1e9).softmax(-1)
                          for scores in (out.start_logits, out.end_logits))
            spans = [(float(start[i] * end[j]), i, j) for i in range(1, last) for j in range(i, last)
                     if allowed[i] and allowed[j] and j - i < 15]
            mine = read(folder, "--question", question, "--context", context)[0]
            worst.close(mine["answers"][0]["score"], max(spans)[0])
            worst.close(mine["no_answer"], float(start[0] * end[0]))
        worst.finish()
        return
    pipe = transformers.pipeline("question-answering", model=model, tokenizer=made)
    for impossible in (False, True):
        worst = Worst("question-answering, %s no answer" % ("with" if impossible else "without"))
        for question, context in questions:
            mine = read(folder, "--question", question, "--context", context, "--top", "4",
                        *(["--allow-no-answer"] if impossible else []))[0]["answers"]
            theirs = pipe(question=question, context=context, top_k=6,
                          handle_impossible_answer=impossible)
            # Windows that overlap give some parts several times there.
            once = []
            for found in theirs:
                if not any((f["start"], f["end"]) == (found["start"], found["end"]) for f in once):
                    once.append(found)
            for left, right in zip(mine, once):
                worst.same(left["text"], right["answer"].strip(), question)
                worst.close(left["score"], right["score"])
        worst.finish()


def choose():
    folder, model, made = head("multichoice")
    choices = ["so fufe mijuzo!", "tuze", "re sopo? cu"]
    worst = Worst("multiple choice")
    for text in TEXTS[:3]:
        inputs = made([text] * len(choices), choices, return_tensors="pt", padding=True)
        with torch.no_grad():
            shares = model(**{n: v.unsqueeze(0) for n, v in inputs.items()}).logits.softmax(-1)[0]
        options = [part for choice in choices for part in ("--pair", choice)]
        for found in read(folder, "--text", text, *options)[0]["choices"]:
            worst.close(found["probability"], float(shares[found["index"]]))
    worst.finish()


for part in (fill_masks, classify, label_tokens, answer, choose):
    part()
checks.finish()

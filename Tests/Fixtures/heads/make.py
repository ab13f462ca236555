#!/usr/bin/env python3
"""Records what transformers' pipelines make of small models with task heads.

    python3 Tests/Fixtures/heads/make.py MODELS

MODELS has a folder for each head (`head-seqcls`, `head-tokencls`, `head-qa`, `head-multichoice`) with
`config.json` and `model.safetensors`, and `spm/30k-clean.model`, their vocabulary. The models are kept
in half precision and run in single precision here. Written by transformers 4.41.2 with PyTorch 2.15.0;
later versions have no pipeline for questions.
"""
import json
import shutil
import sys
from pathlib import Path

import torch
import transformers
from transformers import (AlbertForMaskedLM, AlbertForMultipleChoice, AlbertForPreTraining, AlbertForQuestionAnswering,
                          AlbertForSequenceClassification, AlbertForTokenClassification, AlbertTokenizerFast, pipeline)

models, here = Path(sys.argv[1]), Path(__file__).parent
shutil.copy(models / "spm" / "30k-clean.model", here / "spiece.model")
tokenizer = AlbertTokenizerFast(vocab_file=str(here / "spiece.model"))


def head(kind: str, cls):
    model = cls.from_pretrained(models / f"head-{kind}").eval()
    folder = here / kind
    # It would name the folder on the maker's machine.
    model.config._name_or_path = f"head-{kind}"
    model.half().save_pretrained(folder)
    return cls.from_pretrained(folder, torch_dtype=torch.float32).eval()


texts = ["heho cu kuvodomu ni re pihekobe jace bo re sopo?", "Mulituhu  napote so\tfufe mijuzo!",
         "tuze, murudupe (seta) \"zepamuku\" tu-tuze 1,234 £5 fofapa.", "Él naïve ÇA 中文 re sopo"]
truth = {"transformers": transformers.__version__, "texts": texts}

model = head("seqcls", AlbertForSequenceClassification)
truth["seqcls"] = {}
for problem in [None, "single_label_classification", "multi_label_classification", "regression"]:
    model.config.problem_type = problem
    # Later versions know what a regression is.
    classify = pipeline("text-classification", model=model, tokenizer=tokenizer, top_k=None,
                        function_to_apply="none" if problem == "regression" else None)
    truth["seqcls"][problem or "none"] = [classify(text) for text in texts] + [
        classify({"text": texts[0], "text_pair": texts[1]})]

model = head("tokencls", AlbertForTokenClassification)
truth["tokencls"] = {}
for names in [["LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3", "LABEL_4"], ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]]:
    model.config.id2label = dict(enumerate(names))
    truth["tokencls"][names[0]] = {
        strategy: [pipeline("token-classification", model=model, tokenizer=tokenizer, ignore_labels=[],
                            aggregation_strategy=strategy)(text) for text in texts]
        for strategy in ["none", "first"]}
    truth["tokencls"][names[0]]["entities"] = [
        pipeline("token-classification", model=model, tokenizer=tokenizer, aggregation_strategy="first")(text)
        for text in texts]

model = head("qa", AlbertForQuestionAnswering)
# The positions of the model, which the tokenizer does not know of.
tokenizer.model_max_length = model.config.max_position_embeddings
long = " ".join(texts * 6)
truth["long"] = long
answer = pipeline("question-answering", model=model, tokenizer=tokenizer)
truth["qa"] = [{"question": question, "context": context, "impossible": impossible,
                "answers": answer(question=question, context=context, top_k=4, handle_impossible_answer=impossible)}
               for question, context in [(texts[0], texts[2]), (texts[1], texts[0]), (texts[0], long), ("cu re?", long)]
               for impossible in [False, True]]

model = head("multichoice", AlbertForMultipleChoice)
truth["choices"] = ["so fufe mijuzo!", "tuze", "re sopo? cu"]
inputs = tokenizer([texts[0]] * 3, truth["choices"], return_tensors="pt", padding=True)
with torch.no_grad():
    logits = model(**{name: value.unsqueeze(0) for name, value in inputs.items()}).logits
truth["multichoice"] = logits.softmax(-1)[0].tolist()

(here / "truth.json").write_text(json.dumps(truth, indent=1, ensure_ascii=False, default=float) + "\n")

# The trained sample, as train-bible.py saved it, where a second argument names its folder.
if len(sys.argv) > 2:
    trained = Path(sys.argv[2])
    tokenizer = AlbertTokenizerFast(vocab_file=str(trained / "30k-clean.model"))
    model = AlbertForPreTraining.from_pretrained(trained).eval()
    masked = AlbertForMaskedLM.from_pretrained(trained).eval()
    texts = ["And the children of [MASK] did evil in the sight of the LORD.",
             "And Jesus [MASK] unto them, Verily I say unto [MASK].", "Honour thy [MASK] and thy mother."]
    fill = pipeline("fill-mask", model=masked, tokenizer=tokenizer, top_k=5)
    inputs = tokenizer(texts[0], texts[2], return_tensors="pt")
    with torch.no_grad():
        order = model(**inputs).sop_logits.softmax(-1)[0].tolist()
        hidden = model.albert(**tokenizer(texts[2], return_tensors="pt")).last_hidden_state
    (here / "bible.json").write_text(json.dumps({
        "texts": texts, "masks": [fill(text) for text in texts], "order": order,
        "embedding": hidden.mean(1)[0].tolist()}, indent=1, ensure_ascii=False) + "\n")

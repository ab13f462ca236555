extension HelpTopic {
  static let read: [(String, String)] = [
    ("TensorFlow", "checkpoints of versions 1 and 2, SavedModels, frozen graphs, TF-Hub modules"),
    ("Keras", ".h5, .weights.h5 and .keras of Keras 2 and 3, KerasHub's presets"),
    (
      "PyTorch",
      "pytorch_model.bin, .pt, TorchScript, .pt2, distributed checkpoints, quantised models"
    ),
    (
      "safetensors", "one file or shards with an index, bitsandbytes', torchao's and MLX's integers"
    ),
    ("Flax", "flax_model.msgpack"),
    ("NumPy", ".npz"),
    ("Paddle", ".pdparams"),
    (
      "ONNX",
      "models of any exporter, quantised ones too; the graph itself is run by verify and run"
    ),
    ("TFLite", "models of TensorFlow's converter; the graph itself is run by verify and run"),
    ("native", ".albert"),
    ("configs", "config.json, albert_config.json, PL-BERT's config.yml, alone too"),
  ]

  static let diagnoses: [(String, String)] = [
    ("other-model", "outputs were recorded from a model of other sizes"),
    ("other-inputs", "outputs were recorded for other inputs"),
    ("recorded-elsewhere", "embeddings were recorded after their projection"),
    (
      "rounding-cost", "a conversion is right, but its precision costs more than --max-error allows"
    ),
    ("byte-swapped", "the bytes of each number are in reverse order"),
    ("bias-doubled", "the decoder's bias is added twice"),
    ("bias-missing", "a bias is absent"),
    ("sign-flipped", "a parameter has the opposite sign"),
    ("zeroed", "a parameter is there and all zero, or rows of it are"),
    ("sop-labels-flipped", "the labels of the sentence-order head are exchanged"),
    ("swapped", "a parameter holds the numbers of another one"),
    ("transposed", "a matrix is transposed, which no shape shows where it is square"),
    ("permuted-heads", "attention heads are in another order, or interleaved"),
    ("head-count", "the config says another number of heads"),
    ("activation", "the config says another activation"),
    ("layer-norm-epsilon", "the config says another epsilon"),
    ("layer-count", "the config says another number of layers"),
    ("group-map", "layers use other groups of weights"),
    ("vocabulary-rows", "words are shifted, in another order, cut or padded"),
    ("position-offset", "positions begin at another row"),
    ("mask-ignored", "the attention mask has no effect"),
    ("mask-misapplied", "the attention mask has another effect than to hide padding"),
    ("segments-ignored", "the segments have no effect"),
    ("untied-decoder", "the decoder is a matrix of its own instead of the word embeddings"),
    ("precision-loss", "numbers went through float16, bfloat16, or 8 or 4 bits"),
    ("scaled", "a parameter is a constant times what it should be"),
    ("not-loaded", "a parameter has nothing of the reference's, as in a new model"),
    ("softmax-axis", "a graph's softmax runs along another axis than the keys'"),
    ("publisher-differs", "outputs were recorded from code that computes something else"),
    ("retrained", "weights moved and no relation holds"),
  ]
}

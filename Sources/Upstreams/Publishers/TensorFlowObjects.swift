/// What every TensorFlow 2 checkpoint has in common, whoever's model it holds.
enum TensorFlowObjects {
  /// What ends the path to a variable.
  static let suffix = "/.ATTRIBUTES/VARIABLE_VALUE"

  /// What Keras keeps of a training run, in checkpoints and in H5 files.
  static let training = TrainingNames(
    slotMark: ".OPTIMIZER_SLOT", stateMark: "_variables", names: ["save_counter", "global_step"],
    prefixes: ["optimizer/", "optimizer_weights/", "keras_api/metrics/", "metrics/"])

  /// The checkpoint's own description.
  static let buffers = ["_CHECKPOINTABLE_OBJECT_GRAPH": "TensorFlow's graph of objects"]
}

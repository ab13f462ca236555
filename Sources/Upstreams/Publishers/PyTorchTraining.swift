/// What every PyTorch checkpoint of a training run has in common, whoever's model it holds.
enum PyTorchTraining {
  /// The keys under which training loops, Lightning, Accelerate and DeepSpeed keep what is not a weight.
  static let names = TrainingNames(
    stateMark: "state",
    prefixes: [
      "optimizer", "optimizers", "optim", "opt", "optimizer_state_dict", "optimizer_states",
      "optimizer_state", "optimizer_dict", "optim_state_dict", "optim_state", "opt_state_dict",
      "opt_state", "lr_scheduler", "lr_schedulers", "scheduler", "schedulers",
      "scheduler_state_dict", "scheduler_state", "lr_scheduler_state_dict", "scaler",
      "grad_scaler", "scaler_state_dict", "amp", "rng_state", "rng_states", "loops", "callbacks",
    ].map { $0 + "." })
}

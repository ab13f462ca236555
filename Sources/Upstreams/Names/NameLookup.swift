/// What each name in a file stands for.
package struct NameLookup: Sendable {
  /// The names that have a meaning of their own.
  package let known: [String: TensorPurpose]
  /// What names stand for besides: an exporter may merge equal tensors, so that one is several
  /// parameters.
  package private(set) var further: [String: [TensorPurpose]] = [:]
  private let suffix: String
  private let prefix: String
  private let training: TrainingNames

  /// A lookup of stated names alone.
  package init(_ known: [String: TensorPurpose]) {
    self.init(known, suffix: "", prefix: "", training: TrainingNames())
  }

  /// A lookup of stated names, of which some have several meanings.
  package init(all meanings: [String: [TensorPurpose]]) {
    self.init(all: meanings, prefix: "", training: TrainingNames())
  }

  init(all meanings: [String: [TensorPurpose]], prefix: String, training: TrainingNames) {
    self.init(
      meanings.compactMapValues(\.first), suffix: "", prefix: prefix, training: training)
    further = meanings.mapValues { Array($0.dropFirst()) }.filter { !$0.value.isEmpty }
  }

  init(_ known: [String: TensorPurpose], suffix: String, prefix: String, training: TrainingNames) {
    self.known = known
    self.suffix = suffix
    self.prefix = prefix
    self.training = training
  }

  /// What a name stands for; nil for one that the publisher does not know.
  package func purpose(of name: String) -> TensorPurpose? {
    known[name] ?? (isTrainingState(name) ? .training : nil)
  }

  /// Whether a name is that of a known variable with a slot's name behind it, or can only be
  /// training state.
  private func isTrainingState(_ name: String) -> Bool {
    guard name.hasSuffix(suffix) else { return isTrainingState(whole: name) }
    let stem = name.dropLast(suffix.count)
    if isTrainingState(whole: String(stem)) { return true }
    if training.appendsSlots, isSlot(stem) { return true }
    if let mark = training.slotMark, let start = start(of: mark, in: stem) {
      // A variable that the file only numbers is known by another name than its slots.
      return known[stem[..<start] + suffix] != nil || stem.hasPrefix("variables/")
        || stem.hasPrefix("layer_with_weights-")
    }
    return false
  }

  /// Whether a name is a known variable's with anything behind it, and perhaps an optimizer's scope before it.
  private func isSlot(_ stem: Substring) -> Bool {
    var rest = stem
    while let slash = rest.lastIndex(of: "/") {
      rest = rest[..<slash]
      if known[rest + suffix] != nil { return true }
      var inner = rest
      while let slash = inner.firstIndex(of: "/") {
        inner = inner[inner.index(after: slash)...]
        // A name of one component may be anybody's.
        if inner.contains("/"), known[inner + suffix] != nil { return true }
      }
    }
    return false
  }

  private func isTrainingState(whole name: String) -> Bool {
    if training.names.contains(name) || training.isNumberedState(name) { return true }
    if training.prefixes.contains(where: name.hasPrefix) { return true }
    guard !prefix.isEmpty, name.hasPrefix(prefix) else { return false }
    let rest = String(name.dropFirst(prefix.count))
    return training.names.contains(rest) || training.prefixes.contains(where: rest.hasPrefix)
  }

  /// Where the component `mark` begins, its slash included.
  private func start(of mark: String, in name: Substring) -> String.Index? {
    var rest = name
    while let slash = rest.firstIndex(of: "/") {
      let behind = name.index(after: slash)
      if name[behind...].hasPrefix(mark + "/") { return slash }
      rest = name[behind...]
    }
    return nil
  }
}

package import AlbertComparison
internal import AlbertReading

/// What `albert diff` found, as text, as JSON and as a page.
package final class DiffReport: Sendable {
  package let comparison: CheckpointComparison

  package init(_ comparison: CheckpointComparison) {
    self.comparison = comparison
  }

  /// The tensors that are not the same: those of one side, then the largest differences.
  var changed: [TensorComparison] {
    comparison.tensors.filter { $0.outcome != .same }.enumerated().sorted { left, right in
      let (a, b) = (Self.rank(left.element), Self.rank(right.element))
      return a == b ? left.offset < right.offset : a > b
    }.map(\.element)
  }

  /// How much a change matters, for the order of a list.
  private static func rank(_ tensor: TensorComparison) -> Double {
    if tensor.outcome != .differs { return .infinity }
    if tensor.hasOtherShape { return .greatestFiniteMagnitude }
    return tensor.isRounded ? -1 : tensor.values?.relL2 ?? 0
  }

  /// How many tensors have an outcome, of one part of the checkpoint.
  func count(_ outcome: TensorComparison.Outcome, in part: TensorItem.Part) -> Int {
    comparison.tensors.count { $0.part == part && $0.outcome == outcome }
  }

  /// What there is to say of each part, in the order of what is asked first.
  var sentences: [(part: String, sentence: String)] {
    var sentences: [(String, String)] = []
    if comparison.comparesTensors {
      sentences.append(("tensors", sentence(of: .model)))
    }
    if comparison.comparesConfig {
      sentences.append(("config", configSentence))
    } else if let side = comparison.loneConfig {
      let word = side === comparison.a ? "A" : "B"
      sentences.append(("config", "only \(word) has one that can be read"))
    }
    if let tokenizer = comparison.tokenizer {
      sentences.append(("tokenizer", Self.sentence(tokenizer)))
    }
    if comparison.comparesTensors {
      sentences.append(("training", sentence(of: .training)))
      if comparison.tensors.contains(where: { $0.part == .other }) {
        sentences.append(("others", sentence(of: .other)))
      }
    }
    return sentences
  }

  private func sentence(of part: TensorItem.Part) -> String {
    let all = comparison.tensors.filter { $0.part == part }
    if all.isEmpty { return part == .training ? "no training state on either side" : "none" }
    let differing = all.filter { $0.outcome == .differs }
    let rounded = differing.count(where: \.isRounded)
    let others = differing.count - rounded
    let parts = [
      (count(.same, in: part), "the same"), (others, Self.differ(others)),
      (rounded, "rounded to another type"), (count(.onlyInA, in: part), "only in A"),
      (count(.onlyInB, in: part), "only in B"),
    ]
    let shown = parts.filter { $0.0 > 0 }.map { "\(Numbers.grouped($0.0)) \($0.1)" }
    let settled = all.count { $0.evidence == .digests }
    return shown.joined(separator: ", ")
      + (settled > 0 ? " (\(settled == all.count ? "all" : "\(settled)") by their digests)" : "")
  }

  private var configSentence: String {
    let counting = comparison.config.count(where: \.counts)
    let notes = comparison.config.count - counting
    let rest =
      notes > 0 ? "; \(Numbers.count(notes, "key")) that only tools read \(Self.differ(notes))" : ""
    return
      (counting == 0 ? "the same" : "\(Numbers.count(counting, "key")) \(Self.differ(counting))")
      + rest
  }

  private static func differ(_ count: Int) -> String { count == 1 ? "differs" : "differ" }

  private static func sentence(_ tokenizer: TokenizerDifference) -> String {
    switch tokenizer.outcome {
    case .none: "no tokenizer on either side"
    case .same: "the same"
    case .equivalent:
      "cuts texts alike; \(tokenizer.files.joined(separator: ", ")) not the same bytes"
    case .differs: tokenizer.differences.joined(separator: "; ")
    case .onlyInA: "only in A"
    case .onlyInB: "only in B"
    }
  }

  /// What happened to a tensor, in a few words.
  static func story(_ tensor: TensorComparison) -> String {
    guard let a = tensor.a, let b = tensor.b else {
      let side = tensor.a == nil ? "only in B" : "only in A"
      let item = tensor.a ?? tensor.b
      return item.map { "\(side), \($0.stored.type.name) \($0.shape)" } ?? side
    }
    var words: [String] = []
    if a.shape != b.shape { words.append("\(a.shape) became \(b.shape)") }
    if a.stored.type != b.stored.type {
      words.append("\(a.stored.type.name) became \(b.stored.type.name)")
      if tensor.values?.differing == 0 { words.append("without loss") }
    }
    if let values = tensor.values, values.differing > 0 {
      words.append(
        "\(Numbers.grouped(values.differing)) of \(Numbers.grouped(values.count)) "
          + differ(values.differing))
      if values.isRounding { words.append("all within rounding") }
      if values.nonFinite > 0 { words.append("\(values.nonFinite) by NaN or infinity") }
    } else if !tensor.hasOtherShape, !tensor.hasSameBytes, tensor.values == nil {
      words.append("their bytes differ")
    }
    return words.joined(separator: ", ")
  }

  /// Where the largest difference is, and the numbers there.
  static func worst(_ tensor: TensorComparison) -> String {
    guard let values = tensor.values, values.differing > 0, let shape = tensor.a?.shape else {
      return ""
    }
    let place = "[" + shape.index(of: values.place).map(String.init).joined(separator: ", ") + "]"
    let (a, b) = values.values
    // Integers of 64 bits that are one number as Double.
    guard a != b || a.sign != b.sign else { return place }
    var texts = (number(a), number(b))
    if texts.0 == texts.1 { texts = (allDigits(a, beside: b), allDigits(b, beside: a)) }
    return "\(place): \(texts.0) became \(texts.1)"
  }

  private static func number(_ value: Double) -> String {
    value.isFinite ? Numbers.compact(value) : "\(value)"
  }

  /// As many digits as tell `value` from any other number of the wider type of the two.
  private static func allDigits(_ value: Double, beside other: Double) -> String {
    let areSingle = [value, other].allSatisfy { Double(Float($0)) == $0 }
    return areSingle ? "\(Float(value))" : "\(value)"
  }
}

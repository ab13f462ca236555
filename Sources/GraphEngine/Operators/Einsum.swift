internal import AlbertBytes
internal import AlbertGraphs
internal import AlbertTensors

/// A sum of products that letters state, such as `bhid,bhjd->bhij`.
enum EinsteinSum {
  /// A letter, or the place of an axis among those that an ellipsis stands for, counted from the last.
  private enum Label: Hashable {
    case letter(Character)
    case hidden(Int)
  }

  /// A value whose axes have labels, each once.
  private struct Term {
    var value: GraphValue
    var labels: [Label]
  }

  static func run(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let equation = try call.text("equation", else: "").filter { $0 != " " }
    let sides = equation.split(separator: ">", omittingEmptySubsequences: false)
    let isExplicit = sides.count == 2 && sides[0].hasSuffix("-")
    guard sides.count == 1 || isExplicit else {
      throw .invalid("the equation '\(equation)' is none")
    }
    let words = (isExplicit ? sides[0].dropLast() : sides[0])
      .split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard words.count == call.inputs.count else {
      throw .invalid("the equation '\(equation)' is not over \(call.inputs.count) values")
    }
    var terms: [Term] = []
    var extents: [Label: Int] = [:]
    for (index, word) in words.enumerated() {
      let value = try call.input(index)
      let labels = try labels(word, rank: value.rank)
      for (label, extent) in zip(labels, value.dimensions) {
        let known = extents[label] ?? 1
        guard known == 1 || extent == 1 || known == extent else {
          throw .invalid("the extents of the equation '\(equation)' differ")
        }
        extents[label] = known == 1 ? extent : known
      }
      terms.append(Term(value: value, labels: labels))
    }
    let hidden =
      extents.keys.compactMap { label -> Int? in
        if case .hidden(let place) = label { place } else { nil }
      }.max().map { $0 + 1 } ?? 0
    let output: [Label]
    if isExplicit {
      output = try self.labels(String(sides[1]), hidden: hidden)
    } else {
      var counts: [Character: Int] = [:]
      for word in words {
        for letter in word where letter != "." { counts[letter, default: 0] += 1 }
      }
      output =
        (0..<hidden).reversed().map { .hidden($0) }
        + counts.filter { $0.value == 1 }.keys.sorted().map { .letter($0) }
    }
    guard Set(output).count == output.count, output.allSatisfy({ extents[$0] != nil }) else {
      throw .invalid("the equation '\(equation)' has an output that it does not take")
    }
    for index in terms.indices { terms[index] = try spread(call, terms[index], extents) }
    var sum = terms[0]
    for (index, term) in terms.enumerated().dropFirst() {
      let later = terms[(index + 1)...].flatMap(\.labels)
      sum = try product(call, sum, term, keeping: Set(output + later))
    }
    sum = try reduced(call, sum, keeping: Set(output))
    let order = output.compactMap { sum.labels.firstIndex(of: $0) }
    guard order.count == sum.labels.count else {
      throw .invalid("the equation '\(equation)' is none")
    }
    return [MovementOperators.transposed(sum.value, order)]
  }

  /// The labels of a word over `rank` axes.
  private static func labels(_ word: String, rank: Int) throws(OperatorError) -> [Label] {
    let named = word.filter { $0 != "." }.count
    let isOpen = word.contains("...")
    guard isOpen ? named <= rank : named == rank else {
      throw .invalid("'\(word)' does not fit \(rank) axes")
    }
    return try labels(word, hidden: rank - named)
  }

  private static func labels(_ word: String, hidden: Int) throws(OperatorError) -> [Label] {
    let parts = word.split(separator: "...", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.allSatisfy({ $0.allSatisfy(\.isLetter) }) else {
      throw .invalid("'\(word)' is not of letters and one ellipsis")
    }
    let first = parts.first?.map { Label.letter($0) } ?? []
    guard parts.count == 2 else { return first }
    return first + (0..<hidden).reversed().map { .hidden($0) } + parts[1].map { .letter($0) }
  }

  /// The term with every label once, and each axis of its full extent.
  private static func spread(
    _ call: OperatorCall, _ term: Term, _ extents: [Label: Int]
  ) throws(OperatorError) -> Term {
    var labels: [Label] = []
    var strides: [Int] = []
    for (axis, label) in term.labels.enumerated() {
      let stride = term.value.dimensions[axis] == 1 ? 0 : term.value.shape.strides[axis]
      if let place = labels.firstIndex(of: label) {
        strides[place] += stride
      } else {
        labels.append(label)
        strides.append(stride)
      }
    }
    let shape = try call.shape(labels.map { extents[$0] ?? 1 })
    if labels.count == term.labels.count, shape == term.value.shape { return term }
    return Term(
      value: term.value.strided(shape, over: shape.dimensions, strides: strides), labels: labels)
  }

  /// The term summed over labels that nothing wants.
  private static func reduced(
    _ call: OperatorCall, _ term: Term, keeping kept: Set<Label>
  ) throws(OperatorError) -> Term {
    let axes = term.labels.indices.filter { !kept.contains(term.labels[$0]) }
    guard !axes.isEmpty else { return term }
    let order = term.labels.indices.filter { !axes.contains($0) } + axes
    let moved = MovementOperators.transposed(term.value, order)
    let left = order.dropLast(axes.count).map { term.value.dimensions[$0] }
    let inner = axes.reduce(1) { $0 * term.value.dimensions[$1] }
    // The sum of a row is its product with ones.
    let matrix = moved.reshaped(try call.shape([left.reduce(1, *), inner]))
    let one = CastOperators.convert(GraphValue([true], Shape([1, 1])), to: term.value.type)
    let ones = one.repeated(try call.shape([inner, 1]))
    let sum = try ProductOperators.product(call, matrix, ones).reshaped(try call.shape(left))
    return Term(value: sum, labels: order.dropLast(axes.count).map { term.labels[$0] })
  }

  /// The product of two terms, summed over labels of both that nothing wants.
  private static func product(
    _ call: OperatorCall, _ a: Term, _ b: Term, keeping kept: Set<Label>
  ) throws(OperatorError) -> Term {
    let a = try reduced(call, a, keeping: kept.union(b.labels))
    let b = try reduced(call, b, keeping: kept.union(a.labels))
    let shared = a.labels.filter { b.labels.contains($0) }
    let batch = shared.filter { kept.contains($0) }
    let summed = shared.filter { !kept.contains($0) }
    let left = a.labels.filter { !shared.contains($0) }
    let right = b.labels.filter { !shared.contains($0) }
    func arranged(_ term: Term, _ labels: [Label]) -> GraphValue {
      MovementOperators.transposed(
        term.value, labels.compactMap { term.labels.firstIndex(of: $0) })
    }
    func extents(_ labels: [Label], _ term: Term) -> [Int] {
      labels.compactMap { term.labels.firstIndex(of: $0).map { term.value.dimensions[$0] } }
    }
    func size(_ labels: [Label], _ term: Term) -> Int { extents(labels, term).reduce(1, *) }
    let x = arranged(a, batch + left + summed).reshaped(
      try call.shape([size(batch, a), size(left, a), size(summed, a)]))
    let y = arranged(b, batch + summed + right).reshaped(
      try call.shape([size(batch, b), size(summed, b), size(right, b)]))
    let z = try ProductOperators.product(call, x, y)
    return Term(
      value: z.reshaped(
        try call.shape(extents(batch, a) + extents(left, a) + extents(right, b))),
      labels: batch + left + right)
  }
}

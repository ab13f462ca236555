internal import AlbertBytes
internal import AlbertTensors

/// A matrix with an adapter merged into it: W + scale × (B A), as peft's `merge` computes it
/// (peft/tuners/lora/layer.py, `get_delta_weight`).
///
/// The product is taken in Float32, one fused step for each of the rank's indices in their order: that
/// is what PyTorch's own product does for ranks of up to 256, so that the sum comes out the same to the
/// last bit. The sum is rounded once to W's type.
struct LoRATensor: DerivedTensor {
  let tensor: TensorDescription
  var parts: [String]
  /// W.
  let base: TensorDescription
  /// [rank, inputs] and [outputs, rank].
  let factors: (a: TensorDescription, b: TensorDescription)
  let scale: Float
  /// Whether W lies with its inputs first, as tables of embeddings do.
  let isTransposed: Bool
  /// What the product is rounded to before it is added.
  var rounding: ElementType?
  /// The lengths that the rows are brought to (DoRA).
  var magnitude: TensorDescription?

  func read(
    from archive: any TensorArchive, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    let (a, b) = (try archive.numbers(of: factors.a), try archive.numbers(of: factors.b))
    let lengths = try magnitude.map { (tensor) throws(FileError) in
      try archive.numbers(of: tensor)
    }
    let rank = factors.a.shape.dimensions[0]
    let width = base.shape.dimensions[1]
    var writer = NumberWriter(tensor.type)
    var row = 0
    try archive.rows(of: base, width: width) { (elements) throws(FileError) in
      let added = product(a, b, row: row, rank: rank, width: width)
      if base.type == .float64 {
        let numbers = elements.doubles(of: .float64) ?? []
        for (number, added) in zip(numbers, added) { writer.append(number + Double(added)) }
      } else {
        let sums = zip(elements.floats(of: base.type) ?? [], added).map { $0 + $1 }
        let factor = lengths.map { $0[row] / Self.length(of: sums) } ?? 1
        for sum in sums { writer.append(factor * sum) }
      }
      row += 1
      try writer.pass(body)
    }
    try writer.pass(last: true, body)
  }

  /// A row of what is added.
  private func product(_ a: [Float], _ b: [Float], row: Int, rank: Int, width: Int) -> [Float] {
    var sums = [Float](repeating: 0, count: width)
    let rows = factors.a.shape.dimensions[1]
    for index in 0..<rank {
      if isTransposed {
        let factor = a[index * rows + row]
        for column in 0..<width {
          sums[column] = sums[column].addingProduct(b[column * rank + index], factor)
        }
      } else {
        let factor = b[row * rank + index]
        for column in 0..<width {
          sums[column] = sums[column].addingProduct(factor, a[index * width + column])
        }
      }
    }
    return sums.map { ($0 * scale).rounded(to: rounding) }
  }

  /// The length of a row, summed in Float64 and rounded once.
  private static func length(of row: [Float]) -> Float {
    Float(row.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot())
  }
}

/// A bias with an adapter's merged into it: b + scale × (the bias of B).
struct LoRABias: DerivedTensor {
  let tensor: TensorDescription
  var parts: [String]
  let base: TensorDescription
  let added: TensorDescription
  let scale: Float

  func read(
    from archive: any TensorArchive, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    let numbers = try archive.numbers(of: base)
    var writer = NumberWriter(tensor.type)
    for (number, added) in zip(numbers, try archive.numbers(of: added)) {
      writer.append(number + added * scale)
    }
    try writer.pass(last: true, body)
  }
}

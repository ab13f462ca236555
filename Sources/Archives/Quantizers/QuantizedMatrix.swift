internal import AlbertBytes
internal import AlbertTensors

/// A matrix of packed integers that stand for numbers, with a scale for each block of them.
struct QuantizedMatrix: DerivedTensor {
  /// How a number comes of an integer and its block's scale.
  enum Formula: Sendable {
    /// table[integer] × scale, rounded once: bitsandbytes' 4 bits.
    case table([Float])
    /// (integer × scale) × factor: bitsandbytes' 8 bits.
    case scaled(by: Float)
    /// (integer − zero point) × scale, rounded once: torchao.
    case affine(zeros: TensorDescription?)
    /// integer × scale + bias, rounded after each of the two: MLX.
    case biased(biases: TensorDescription)
  }

  /// Where the scales come from.
  enum Scales: Sendable {
    case stored(TensorDescription)
    /// Integers that stand for the scales, by a table, scales of their own, and what is added:
    /// bitsandbytes' double quantisation.
    case nested(TensorDescription, table: [Float], scales: [Float], block: Int, offset: Float)
  }

  let tensor: TensorDescription
  let parts: [String]
  /// The packed integers.
  let data: TensorDescription
  let codes: PackedCodes
  let formula: Formula
  let scales: Scales
  /// Which scale an element has.
  let places: BlockPlaces

  func read(
    from archive: any TensorArchive, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    let scales = try scales(from: archive)
    var others: [Float] = []
    switch formula {
    case .affine(let zeros?), .biased(let zeros): others = try archive.numbers(of: zeros)
    case .affine(nil), .table, .scaled: break
    }
    var reader = PackedCodeReader(codes)
    var writer = NumberWriter(tensor.type)
    var index = 0
    try archive.read(data.name) { (window) throws(FileError) in
      reader.read(window) { code in
        guard index < tensor.shape.count else { return }
        let place = places.place(index)
        index += 1
        let scale = scales[place]
        switch formula {
        case .table(let table): writer.append(table[code] * scale)
        case .scaled(let factor): writer.append(Float(code) * scale * factor)
        case .affine:
          writer.append((Float(code) - (others.isEmpty ? 0 : others[place])) * scale)
        case .biased:
          writer.append((Float(code) * scale).rounded(to: tensor.type) + others[place])
        }
      }
      try writer.pass(body)
    }
    try writer.pass(last: true, body)
  }

  private func scales(from archive: any TensorArchive) throws(FileError) -> [Float] {
    switch scales {
    case .stored(let tensor): return try archive.numbers(of: tensor)
    case .nested(let tensor, let table, let scales, let block, let offset):
      let codes = try archive.bytes(of: tensor)
      return codes.enumerated().map { table[Int($1)] * scales[$0 / block] + offset }
    }
  }
}

/// Which block an element of a matrix belongs to.
enum BlockPlaces: Sendable {
  /// Blocks of so many elements one after another, whatever the rows.
  case flat(block: Int)
  /// Blocks of so many rows and columns, of a matrix of so many columns.
  case grid(columns: Int, block: (rows: Int, columns: Int))

  /// The block of the element at `index` in row-major order.
  func place(_ index: Int) -> Int {
    switch self {
    case .flat(let block): index / block
    case .grid(let columns, let block):
      index / columns / block.rows * ((columns - 1) / block.columns + 1)
        + index % columns / block.columns
    }
  }
}

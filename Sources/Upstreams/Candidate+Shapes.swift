internal import AlbertArchitecture
internal import AlbertTensors

extension NameTable {
  /// How many tensors of a file have shapes that contradict this reading of their names, and how many
  /// groups it has that do.
  ///
  /// A kernel's outputs are as many as its bias', and every table of the embeddings is as wide as the
  /// word table. Publishers who share names and differ in layout are told apart by this.
  func contradictions(in names: FileNames, place: NamePlace) -> Int {
    let shapes = canonicalShapes(in: names, place: place)
    let pairs = ParameterRole.outputs.count { weight, bias in
      guard let weight = shapes[weight], let bias = shapes[bias] else { return false }
      return weight.first != bias.first
    }
    let width = shapes[.wordEmbeddings]?.last
    let tables = [ParameterRole.positionEmbeddings, .tokenTypeEmbeddings].count { role in
      width != nil && shapes[role] != nil && shapes[role]?.last != width
    }
    let decoder = shapes[.mlmDecoderWeight]
    let foreign = foreignGroups.count { names.hasGroup(place.prefix + $0) }
    return pairs + tables + foreign
      + (decoder == nil || decoder == shapes[.wordEmbeddings] ? 0 : 1)
  }

  /// Whether the position table is as wide as the layers and not as the word table.
  func hasWidePositions(in names: FileNames, place: NamePlace) -> Bool {
    let shapes = canonicalShapes(in: names, place: place)
    guard let word = shapes[.wordEmbeddings]?.last, let hidden = shapes[.queryBias]?.first else {
      return false
    }
    return shapes[.positionEmbeddings]?.last == hidden && word != hidden
  }

  /// The name in a file of a role's tensor, in the first block.
  func fileName(of role: ParameterRole, place: NamePlace) -> String? {
    rows.first { $0.target == .parameter(role) }.map { name($0, place: place) }
  }

  /// The extents of the first block's tensors, turned to the canonical layout.
  private func canonicalShapes(
    in names: FileNames, place: NamePlace
  ) -> [ParameterRole: [Int]] {
    var shapes: [ParameterRole: [Int]] = [:]
    for row in rows {
      let role: ParameterRole
      switch row.target {
      case .parameter(let target), .copy(of: let target, _): role = target
      case .buffer: continue
      }
      guard shapes[role] == nil, let shape = names.shape(of: name(row, place: place)) else {
        continue
      }
      switch row.layout {
      case .canonical: shapes[role] = shape.dimensions
      case .transposed: shapes[role] = shape.dimensions.reversed()
      case .afterPaddingRow:
        shapes[role] = shape.dimensions.first.map { [$0 - 1] + shape.dimensions.dropFirst() }
      case .outputHeads, .inputHeads, .heads, .oneSequence, .repeatedRow: continue
      }
    }
    return shapes
  }
}

extension ParameterRole {
  /// Linear weights and the biases of their outputs, those that need not be square.
  fileprivate static let outputs: [(weight: ParameterRole, bias: ParameterRole)] = [
    (.projectionWeight, .projectionBias), (.ffnWeight, .ffnBias),
    (.ffnOutputWeight, .ffnOutputBias), (.mlmDenseWeight, .mlmDenseBias), (.sopWeight, .sopBias),
    (.classifierWeight, .classifierBias), (.qaOutputsWeight, .qaOutputsBias),
  ]
}

package import AlbertArchitecture
package import AlbertTensors

/// The names under which a publisher's code expects a model's parameters: a name table read from the
/// parameter to the name.
package struct OutputNames: Sendable {
  /// One name of a parameter.
  package struct Name: Equatable, Sendable {
    /// The name in the file.
    package let name: String
    /// How the file lays the parameter out.
    package let layout: Layout
    /// Whether the publisher's code takes another tensor, so that this one only repeats it.
    package let isCopy: Bool
  }

  let table: NameTable
  let place: NamePlace
  let innerLayers: Int

  /// The names of one table at one place, for models with so many inner layers in a group.
  init(_ table: NameTable, place: NamePlace = NamePlace(), innerLayers: Int) {
    self.table = table
    self.place = place
    self.innerLayers = innerLayers
  }

  /// Every name of a parameter, that which counts first; empty where the table has no place for it.
  package func names(of parameter: Parameter) -> [Name] {
    let rows = table.rows.compactMap { row -> (row: NameTable.Row, isCopy: Bool)? in
      switch row.target {
      case .parameter(parameter.role): (row, false)
      case .copy(of: parameter.role, _): (row, true)
      default: nil
      }
    }
    return rows.ordered { !$0.isCopy && $1.isCopy }.map { row, isCopy in
      Name(
        name: table.name(
          row, group: parameter.group, inner: parameter.inner, innerLayers: innerLayers,
          place: place),
        layout: row.layout, isCopy: isCopy)
    }
  }

  /// The name that counts; nil where the table has no place for the parameter.
  package func name(of parameter: Parameter) -> Name? { names(of: parameter).first }

  /// Whether one parameter stands before another where those of every block follow the table's rows,
  /// block after block.
  package func precedes(_ one: Parameter, _ other: Parameter) -> Bool {
    rank(of: one).lexicographicallyPrecedes(rank(of: other))
  }

  private func rank(of parameter: Parameter) -> [Int] {
    func row(_ isMeant: (ParameterRole) -> Bool) -> Int {
      table.rows.firstIndex { row in
        if case .parameter(let role) = row.target { isMeant(role) } else { false }
      } ?? table.rows.count
    }
    let own = row { $0 == parameter.role }
    let first = parameter.role.isPerBlock ? row(\.isPerBlock) : own
    return [first, parameter.group, parameter.inner, own]
  }

  /// Hugging Face's PyTorch classes; `bare` for `AlbertModel` alone, whose names lack `albert.`.
  package static func huggingFace(bare: Bool, innerLayers: Int) -> OutputNames {
    OutputNames(bare ? HuggingFace.bare : HuggingFace.withHeads, innerLayers: innerLayers)
  }

  /// Google's own code.
  package static func googleTF1(innerLayers: Int) -> OutputNames {
    OutputNames(GoogleTF1.table, innerLayers: innerLayers)
  }

  /// Hugging Face's Flax classes; `bare` for `FlaxAlbertModel` alone, whose names lack `albert/`.
  package static func huggingFaceFlax(bare: Bool, innerLayers: Int) -> OutputNames {
    OutputNames(bare ? HuggingFaceFlax.bare : HuggingFaceFlax.withHeads, innerLayers: innerLayers)
  }
}

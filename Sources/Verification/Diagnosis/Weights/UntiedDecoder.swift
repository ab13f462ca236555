internal import Albert
internal import Tensors

/// Finds a decoder that is a matrix of its own on one side and the word embeddings on the other.
struct UntiedDecoder {
  let pair: ModelPair

  /// The explanation; nil where both sides tie, neither does, or the matrix is the table anyway.
  var diagnosis: Diagnosis? {
    let isUntied = pair.subject.contents.untiedDecoder
    guard pair.subject.contents.mlm, pair.reference.contents.mlm,
      isUntied != pair.reference.contents.untiedDecoder,
      pair.shapes(of: table).subject == pair.shapes(of: table).reference
    else { return nil }
    var error = ExplainedError()
    withNumbers(pair.subject, isUntied) { mine, mineIfTied in
      withNumbers(pair.reference, !isUntied) { theirs, theirsIfTied in
        let types = (
          pair.subject.elementType(of: isUntied ? decoder : table),
          pair.reference.elementType(of: isUntied ? table : decoder)
        )
        let closeness = Closeness(types.0, types.1)
        for index in 0..<pair.shapes(of: table).subject.count {
          let (value, expected) = (mine(index), theirs(index))
          let tied = (mineIfTied(index), theirsIfTied(index))
          error.add(
            before: closeness.holds(value, expected) ? nil : value - expected,
            after: closeness.holds(tied.0, tied.1) ? nil : tied.0 - tied.1)
        }
      }
    }
    guard error.countBefore > 0, error.share > 0 else { return nil }
    return Diagnosis(
      .untiedDecoder, parameter: decoder.name, otherParameter: table.name,
      message: isUntied
        ? "the decoder is a matrix of its own and differs from the word embeddings, to which the reference ties it"
        : "the decoder is tied to the word embeddings, where the reference has a matrix of its own",
      explains: error.share)
  }

  private var decoder: Parameter { Parameter(.mlmDecoderWeight) }
  private var table: Parameter { Parameter(.wordEmbeddings) }

  /// Hands over what a side decodes with, and what it would if it tied the decoder.
  private func withNumbers(
    _ store: any ParameterStore, _ isUntied: Bool,
    _ body: ((Int) -> Double, (Int) -> Double) -> Void
  ) {
    let own = isUntied ? decoder : table
    let types = (store.elementType(of: own), store.elementType(of: table))
    store.withBytes(of: own) { matrix in
      store.withBytes(of: table) { words in
        body(
          { matrix.double(at: $0, of: types.0) ?? .nan },
          { words.double(at: $0, of: types.1) ?? .nan })
      }
    }
  }
}

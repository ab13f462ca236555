internal import AlbertBytes
internal import AlbertReading
internal import AlbertTokenizers

/// What became of the tokenizer from A to B.
package struct TokenizerDifference: Equatable, Sendable {
  /// The outcome in the word that JSON uses.
  package enum Outcome: String, CaseIterable, Sendable {
    /// Neither side has one.
    case none
    /// The same files, byte for byte.
    case same
    /// Other files, which cut every text that was tried in the same way.
    case equivalent
    case differs
    case onlyInA = "only_in_a"
    case onlyInB = "only_in_b"
  }

  /// What became of it.
  package let outcome: Outcome
  /// The files that only one side has, or that hold other bytes.
  package var files: [String] = []
  /// A sentence for each difference, B's beside A's.
  package var differences: [String] = []

  /// Whether texts may get other ids.
  package var counts: Bool {
    switch outcome {
    case .none, .same, .equivalent: false
    case .differs, .onlyInA, .onlyInB: true
    }
  }

  /// Compares the tokenizers of two sides.
  ///
  /// Throws where a tokenizer's file cannot be read; one that cannot be used differs from any other.
  init(_ a: Checkpoint, _ b: Checkpoint) throws(FileError) {
    let mine = try a.tokenizerFiles()
    let theirs = try b.tokenizerFiles()
    switch (mine.holdsVocabulary, theirs.holdsVocabulary) {
    case (false, false): outcome = .none
    case (true, false): outcome = .onlyInA
    case (false, true): outcome = .onlyInB
    case (true, true):
      let names = Set(mine.contents.keys).union(theirs.contents.keys)
      files = names.filter { mine.contents[$0] != theirs.contents[$0] }.sorted()
      if files.isEmpty {
        outcome = .same
        return
      }
      do throws(FileError) {
        let tokenizers = (try Tokenizer(mine), try Tokenizer(theirs))
        differences = TokenizerComparison(tokenizers.1, with: tokenizers.0).differences
        outcome = differences.isEmpty ? .equivalent : .differs
      } catch {
        differences = ["one cannot be used: \(error.message)"]
        outcome = .differs
      }
    }
  }
}

extension Checkpoint {
  fileprivate func tokenizerFiles() throws(FileError) -> TokenizerFiles {
    switch content {
    case .model(let inspection): return try inspection.tokenizerFiles()
    case .tensors(let archive, _):
      guard let file = archive.files.first?.path else {
        return TokenizerFiles([:], path: path.string)
      }
      return try TokenizerFiles(beside: file)
    case .config: return TokenizerFiles([:], path: path.string)
    }
  }
}

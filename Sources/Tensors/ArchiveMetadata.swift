/// Text that a container carries about itself, by key.
///
/// A long one is made when it is asked for: a native file's tokenizer has megabytes.
package struct ArchiveMetadata: Sendable {
  /// The texts that are at hand.
  private var texts: [String: String]
  /// How the others are made.
  private var long: [String: @Sendable () -> String?]

  /// Texts of which those of `long` are made on demand.
  package init(
    _ texts: [String: String] = [:], long: [String: @Sendable () -> String?] = [:]
  ) {
    self.texts = texts
    self.long = long
  }

  /// The text under `key`.
  package subscript(key: String) -> String? { texts[key] ?? long[key]?() }

  /// The texts that are at hand.
  package var short: [String: String] { texts }

  /// All texts; each long one is made.
  package var all: [String: String] {
    texts.merging(long.compactMapValues { $0() }) { own, _ in own }
  }

  /// Adds what another one says of other keys.
  package mutating func merge(_ other: ArchiveMetadata) {
    texts.merge(other.texts) { own, _ in own }
    long.merge(other.long) { own, _ in own }
  }
}

extension ArchiveMetadata: ExpressibleByDictionaryLiteral, Equatable {
  /// The texts of a literal, in which no key stands twice.
  package init(dictionaryLiteral elements: (String, String)...) {
    self.init(Dictionary(uniqueKeysWithValues: elements))
  }

  /// Whether both say the same.
  package static func == (left: ArchiveMetadata, right: ArchiveMetadata) -> Bool {
    left.all == right.all
  }
}

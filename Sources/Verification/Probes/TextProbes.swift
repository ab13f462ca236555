internal import AlbertArchitecture
package import AlbertBytes
internal import AlbertTokenizers
package import SystemPackage

/// Lines of text as probes: what models make of texts that a user cares for.
package struct TextProbes: Sendable {
  /// A text and its place.
  struct Line: Sendable {
    let number: Int
    let text: String
  }

  /// What errors call the place that the texts came from.
  package let path: String
  /// The files that were read, so that no output takes their place.
  package let files: [SourceFile]
  let lines: [Line]

  /// The lines of the file at `path`; those that are blank are passed over.
  ///
  /// Throws where it cannot be read, and where it has no text.
  package init(_ path: FilePath) throws(FileError) {
    let file = try SourceFile(path)
    guard file.size <= Self.largestFile else {
      throw FileError(
        path.string,
        .limit(of: "the number of bytes", value: file.size, most: Self.largestFile),
        remedy: "verify on fewer lines")
    }
    try self.init(
      file.bytes(at: 0, count: file.size).textLines, from: path.string, files: [file])
  }

  /// Texts that came from the place that errors call `path`.
  ///
  /// Throws where all of them are blank.
  package init(
    _ lines: [String], from path: String, files: [SourceFile] = []
  ) throws(FileError) {
    self.path = path
    self.files = files
    self.lines = lines.enumerated().compactMap { index, text in
      text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
        ? nil : Line(number: index + 1, text: text)
    }
    guard !self.lines.isEmpty else {
      throw FileError(
        path, .missing("a line of text"),
        remedy: "write one text a line, as the models would get it")
    }
  }

  /// A file of more is no list of texts to compute.
  private static let largestFile = 1 << 30
  /// The tokens of one batch, so that the scores of a large vocabulary fit in memory.
  private static let maxTokens = 512

  /// The lines as the tokenizers of two models read them, each side's ids for its own model; of one
  /// model where `reference` is nil.
  ///
  /// Where only one side has a tokenizer, it reads for both. Throws where neither has, and where a
  /// vocabulary is not of the size of its model's embeddings.
  func read(by subject: TextSide, _ reference: TextSide? = nil) throws(FileError) -> ReadTexts {
    let tokenizers = try Tokenizers(subject, reference)
    let configs = [subject.config, reference?.config].compactMap(\.self)
    let positions = configs.map(\.maxPositionEmbeddings).min()
    let vocabulary = configs.map(\.vocabSize).min() ?? .max
    var rows = TextRows(path: path)
    for line in lines {
      let options = EncodingOptions(maximumLength: positions)
      let theirs = tokenizers.reference.encode(line.text, options)
      let mine = tokenizers.isShared ? theirs : tokenizers.subject.encode(line.text, options)
      // Texts of other lengths cannot be held against each other: both models get the right ids.
      let ids = mine.count == theirs.count ? mine.ids : theirs.ids
      let isKnown = (ids + theirs.ids).allSatisfy { $0 < vocabulary }
      guard isKnown, !theirs.ids.isEmpty else {
        rows.leftOut.append(line.number)
        continue
      }
      if mine.ids != theirs.ids { rows.otherIDs.append(line.number) }
      if mine.cutCount + theirs.cutCount > 0 { rows.cut.append(line.number) }
      rows.rows.append(TextRows.Row(line: line.number, subject: ids, reference: theirs.ids))
    }
    return try rows.texts(
      batch: Self.maxTokens, padding: tokenizers.reference.specialTokens.padding ?? 0,
      positions: positions ?? 0, findings: tokenizers.findings)
  }
}

/// A model as far as texts are concerned.
struct TextSide {
  let path: String
  /// What bounds its inputs; nil where that is not known.
  let config: AlbertConfig?
  let tokenizer: () throws(FileError) -> Tokenizer
}

/// Who turns texts into ids.
private struct Tokenizers {
  let subject: Tokenizer
  let reference: Tokenizer
  /// Whether one of them does it for both.
  let isShared: Bool
  let findings: [Finding]

  init(_ subject: TextSide, _ reference: TextSide?) throws(FileError) {
    guard let reference else {
      self.subject = try subject.tokenizer()
      self.reference = self.subject
      (isShared, findings) = (true, [])
      return
    }
    let (mine, theirs) = (try Self.found(subject), try Self.found(reference))
    guard let tokenizer = theirs ?? mine else {
      // Says what was looked for.
      self.subject = try subject.tokenizer()
      self.reference = try reference.tokenizer()
      (isShared, findings) = (false, [])
      return
    }
    self.subject = mine ?? tokenizer
    self.reference = tokenizer
    isShared = mine == nil || theirs == nil
    let (lacking, having) = mine == nil ? (subject, reference) : (reference, subject)
    findings =
      isShared
      ? [
        Finding(
          .note, code: "tokenizer-shared",
          "\(lacking.path) has no tokenizer: its ids are those of \(having.path)")
      ] : []
  }

  /// A side's tokenizer; nil where there is none.
  private static func found(_ side: TextSide) throws(FileError) -> Tokenizer? {
    do throws(FileError) {
      return try side.tokenizer()
    } catch {
      guard error.code == "missing" else { throw error }
      return nil
    }
  }
}

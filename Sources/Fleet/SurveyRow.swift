internal import AlbertArchitecture
package import AlbertBytes
package import AlbertJSON
package import AlbertReading
package import SystemPackage

/// What a survey says of each model: one name for a key of JSON, a column of CSV and of a database.
package enum SurveyColumn: String, CaseIterable, Sendable {
  case path, result, format, upstream, prefix, variant
  case layers, groups, hidden, embedding, intermediate, attentionHeads = "attention_heads"
  case vocabulary, positions, activation, heads
  case parametersUnique = "parameters_unique", parametersStored = "parameters_stored"
  case tensors, dtypes, bytes, errors, warnings, findings
  case errorCode = "error_code", message, remedy
  case pathHex = "path_hex"

  /// Whether its values are whole numbers; others are texts.
  package var isNumber: Bool {
    switch self {
    case .layers, .groups, .hidden, .embedding, .intermediate, .attentionHeads, .vocabulary,
      .positions, .parametersUnique, .parametersStored, .tensors, .bytes, .errors, .warnings:
      true
    default: false
    }
  }
}

/// One model of a survey.
package struct SurveyRow: Equatable, Sendable {
  /// What is known; the others are null.
  package private(set) var values: [SurveyColumn: JSONValue]

  /// The value of a column.
  package subscript(column: SurveyColumn) -> JSONValue { values[column] ?? .null }

  /// Whether the model can be converted as it is.
  package var isUsable: Bool { self[.result] == .string("ok") }

  /// What headers say of a model.
  ///
  /// - Parameters:
  ///   - word: What the program's users call a setting that a remedy names.
  package init(_ inspection: Inspection, at path: FilePath, word: (Setting) -> String) {
    let (config, _) = inspection.assumedConfig
    let count = StoredCount(inspection)
    let codes = inspection.findings.filter { $0.severity != .note }.map(\.code)
    let types = inspection.assignments.filter { $0.parameter != nil }.map(\.tensor.type.rawValue)
    let variants = config.map(Variant.matching) ?? []
    values = Self.names(path)
    values.merge([
      .format: .string(inspection.format),
      .upstream: .string(inspection.upstream),
      .prefix: .string(inspection.prefix),
      .heads: Self.words(inspection.contents.heads),
      .parametersUnique: .integer(Int64(count.unique)),
      .parametersStored: .integer(Int64(count.stored)),
      .tensors: .integer(Int64(inspection.assignments.count)),
      .dtypes: Self.words(Set(types).sorted()),
      .bytes: .integer(inspection.sourceFiles.reduce(0) { $0 + Int64($1.size) }),
      .errors: .integer(Int64(inspection.findings.count { $0.severity == .error })),
      .warnings: .integer(Int64(inspection.findings.count { $0.severity == .warning })),
      .findings: Self.words(codes.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }),
    ]) { $1 }
    if variants.count == 1, let variant = variants.first {
      values[.variant] = .string(variant.name)
    }
    if let config {
      let sizes: [SurveyColumn: Int] = [
        .layers: config.numHiddenLayers, .groups: config.numHiddenGroups,
        .hidden: config.hiddenSize, .embedding: config.embeddingSize,
        .intermediate: config.intermediateSize, .attentionHeads: config.numAttentionHeads,
        .vocabulary: config.vocabSize, .positions: config.maxPositionEmbeddings,
      ]
      for (column, size) in sizes { values[column] = .integer(Int64(size)) }
      values[.activation] = .string(config.hiddenAct.rawValue)
    }
    if inspection.isUsable {
      values[.result] = .string("ok")
    } else {
      fail(inspection.refusal ?? FileError(path.string, .missing("a config")), at: path, word)
    }
  }

  /// What hinders reading a model.
  package init(_ error: FileError, at path: FilePath, word: (Setting) -> String) {
    values = Self.names(path)
    fail(error, at: path, word)
  }

  /// The row that `json` writes; nil for anything else.
  init?(_ json: JSONValue) {
    guard json["path"]?.string != nil, json["result"]?.string != nil else { return nil }
    values = [:]
    for column in SurveyColumn.allCases {
      guard let value = json[column.rawValue], value != .null else { continue }
      guard column.isNumber ? value.integer != nil : value.string != nil else { return nil }
      values[column] = value
    }
  }

  /// An object with every column.
  package var json: JSONValue {
    .object(SurveyColumn.allCases.map { JSONMember($0.rawValue, self[$0]) })
  }

  /// A model's path, and its bytes where they are no text: two such paths may read alike.
  private static func names(_ path: FilePath) -> [SurveyColumn: JSONValue] {
    var names: [SurveyColumn: JSONValue] = [.path: .string(path.string)]
    if String(validating: path) == nil { names[.pathHex] = .string(path.bytes.hexadecimal) }
    return names
  }

  /// The path as text, by which no other model has its row.
  static func key(of path: FilePath) -> String {
    String(validating: path) ?? path.bytes.hexadecimal
  }

  /// The same for this row.
  var key: String? { self[.pathHex].string ?? self[.path].string }

  private mutating func fail(
    _ error: FileError, at path: FilePath, _ word: (Setting) -> String
  ) {
    values[.result] = .string("error")
    values[.errorCode] = .string(error.code)
    values[.message] = .string(Self.place(of: error, at: path) + error.message)
    values[.remedy] = .string(error.advice.text(word))
  }

  /// The file that an error is about where the row's path is another: a folder's row says which of its
  /// files hinders.
  private static func place(of error: FileError, at path: FilePath) -> String {
    let whole = path.string
    if error.path == whole { return "" }
    let isBelow = error.path.hasPrefix(whole + "/")
    return (isBelow ? String(error.path.dropFirst(whole.count + 1)) : error.path) + ": "
  }

  private static func words(_ words: [String]) -> JSONValue {
    .string(words.joined(separator: " "))
  }
}

import AlbertBytes
import AlbertReading
import AlbertTokenizers
import SystemPackage

/// A tokenizer by the path that a user gives: a model, a folder that holds nothing but a tokenizer, or
/// one of its files.
enum TokenizerSource {
  static func open(
    _ path: FilePath, _ reading: SourceOptions, _ family: TokenizerFamily, _ console: Console
  ) throws(FileError) -> Tokenizer {
    let kind = try path.found()?.type
    if kind == .regular, let tokenizer = try named(path, family) {
      console.findings(reading.unused(of: path, "a tokenizer's own file"))
      return tokenizer
    }
    let inspection: Inspection
    do throws(FileError) {
      inspection = try Inspection.open(path, reading.inspection)
    } catch {
      guard kind == .directory, error.code == "missing" else { throw error }
      let files = try TokenizerFiles(beside: path.appending("model"))
      guard files.holdsVocabulary else { throw error }
      return try Tokenizer(files, family: family)
    }
    return try inspection.tokenizer(family)
  }

  /// The tokenizer whose vocabulary is the file itself; nil for any other file.
  private static func named(
    _ path: FilePath, _ family: TokenizerFamily
  ) throws(FileError) -> Tokenizer? {
    guard let name = path.lastComponent?.string,
      let place = TokenizerFiles.places.first(where: {
        FilePath($0.place).lastComponent?.string == name
      }), TokenizerFiles.vocabularies.contains(place.name)
    else { return nil }
    let file = try SourceFile(path)
    guard file.size <= TokenizerFiles.largestFile else {
      throw FileError(
        path.string,
        .limit(
          of: "the size of a tokenizer's file", value: file.size,
          most: TokenizerFiles.largestFile))
    }
    var files = try TokenizerFiles(beside: path)
    for other in TokenizerFiles.vocabularies { files.contents[other] = nil }
    files.contents[place.name] = try file.bytes(at: 0, count: file.size)
    return try Tokenizer(files, family: family)
  }
}

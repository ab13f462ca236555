internal import AlbertArchives
package import AlbertBytes
internal import AlbertJSON
package import SystemPackage

extension TokenizerFiles {
  /// The tokenizer's files in the folder of the checkpoint at `weights`, else in one of the others in which
  /// publishers keep them; none where there are none.
  package init(beside weights: FilePath, isKerasHub: Bool = false) throws(FileError) {
    try self.init(inFolderOf: weights, isKerasHub: isKerasHub)
    guard !holdsVocabulary else { return }
    for other in Self.folders(of: weights).dropFirst()
    where try other.found()?.type == .directory {
      let files = try Self(inFolderOf: other.appending("model"), isKerasHub: isKerasHub)
      guard files.holdsVocabulary else { continue }
      let declared = declaredClass
      self = files
      declaredClass = files.declaredClass ?? declared
      return
    }
  }

  /// Every file beside the checkpoint at `weights` that may be of a tokenizer.
  package static func candidates(beside weights: FilePath) -> [SourceFile] {
    folders(of: weights).flatMap { folder in
      places.compactMap { try? SourceFile(folder.appending($0.place)) }
    }
  }

  /// Where publishers keep the tokenizer of the checkpoint at `weights`, its own folder first.
  private static func folders(of weights: FilePath) -> [FilePath] {
    let own = weights.removingLastComponent().orCurrentFolder
    let above = ModelFolder.above(own)
    return [own, own.appending(folder)] + [above, above?.appending(folder)].compactMap(\.self)
  }

  /// The folder in which some publishers keep the tokenizer apart from the weights.
  private static let folder = "tokenizer"

  private init(inFolderOf weights: FilePath, isKerasHub: Bool) throws(FileError) {
    self.init([:], path: weights.removingLastComponent().orCurrentFolder.string)
    self.isKerasHub = isKerasHub
    let folder = try ModelFolder(of: weights)
    for (place, name) in Self.places(isKerasHub: isKerasHub) where contents[name] == nil {
      guard let file = try Self.file(place, in: folder, beside: weights) else { continue }
      contents[name] = try file.bytes(at: 0, count: file.size)
    }
    if let file = try Self.file("config.json", in: folder, beside: weights),
      let config = try FileError.ifReadable({ () throws(FileError) in try JSONValue.parse(file) })
    {
      declaredClass = config["tokenizer_class"]?.string
    }
  }

  private static func file(
    _ place: String, in folder: ModelFolder, beside weights: FilePath
  ) throws(FileError) -> SourceFile? {
    // A link that leads nowhere is there as well, and an error.
    let path = weights.removingLastComponent().appending(place)
    guard try path.found(followingLinks: false) != nil else { return nil }
    let file = try SourceFile(try folder.file(named: place, "the tokenizer"))
    guard file.size <= largestFile else {
      throw FileError(
        file.path.string,
        .limit(of: "the size of a tokenizer's file", value: file.size, most: largestFile))
    }
    return file
  }
}

internal import AlbertArchives
package import AlbertBytes
internal import AlbertJSON
package import SystemPackage

extension TokenizerFiles {
  /// The tokenizer's files in the folder of the checkpoint at `weights`; none where there are none.
  package init(beside weights: FilePath, isKerasHub: Bool = false) throws(FileError) {
    let parent = weights.removingLastComponent()
    self.init([:], path: parent.isEmpty ? "." : parent.string)
    self.isKerasHub = isKerasHub
    let folder = try ModelFolder(of: weights)
    for (place, name) in Self.places(isKerasHub: isKerasHub) where contents[name] == nil {
      guard let file = try Self.file(place, in: folder, beside: weights) else { continue }
      contents[name] = try file.bytes(at: 0, count: file.size)
    }
    if let file = try Self.file("config.json", in: folder, beside: weights),
      let config = try? JSONValue.parse(file)
    {
      declaredClass = config["tokenizer_class"]?.string
    }
  }

  private static func file(
    _ place: String, in folder: ModelFolder, beside weights: FilePath
  ) throws(FileError) -> SourceFile? {
    // A link that leads nowhere is there as well, and an error.
    let path = weights.removingLastComponent().appending(place)
    guard (try? path.stat(followTargetSymlink: false)) != nil else { return nil }
    let file = try SourceFile(try folder.file(named: place, "the tokenizer"))
    guard file.size <= largestFile else {
      throw FileError(
        file.path.string,
        .limit(of: "the size of a tokenizer's file", value: file.size, most: largestFile))
    }
    return file
  }
}

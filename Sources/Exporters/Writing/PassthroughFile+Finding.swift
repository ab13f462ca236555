internal import AlbertArchitecture
internal import AlbertArchives
internal import AlbertBytes
internal import AlbertConversion
internal import AlbertReading
internal import AlbertTokenizers
internal import SystemPackage

extension PassthroughFile {
  /// The tokenizer's files beside a source, by the names under which Hugging Face's tokenizers look
  /// for them, and why others that are there are none of them.
  ///
  /// Files that cannot be read, lie outside the source's own folder or are too large to be a
  /// tokenizer's stay behind.
  static func beside(_ inspection: Inspection) -> (files: [PassthroughFile], findings: [Finding]) {
    if let text = inspection.embeddedTokenizer { return embedded(text, inspection.path.string) }
    guard let weights = inspection.archive.files.first?.path,
      let folder = try? ModelFolder(of: weights)
    else { return ([], []) }
    var found: [PassthroughFile] = []
    var findings: [Finding] = []
    let places = TokenizerFiles.places(isKerasHub: inspection.isKerasHub)
    for (place, name) in places where !found.contains(where: { $0.name == name }) {
      // A link that leads nowhere is there as well.
      let path = weights.removingLastComponent().appending(place)
      guard (try? path.stat(followTargetSymlink: false)) != nil else { continue }
      do throws(FileError) {
        let file = try SourceFile(try folder.file(named: place, "the tokenizer"))
        guard file.size <= TokenizerFiles.largestFile else {
          throw FileError(
            file.path.string,
            .limit(
              of: "the size of a tokenizer's file", value: file.size,
              most: TokenizerFiles.largestFile))
        }
        found.append(PassthroughFile(name: name, place: place, content: .copy(file)))
      } catch {
        findings.append(unusable(place, error))
      }
    }
    return (found, findings)
  }

  /// The files that a native file carries.
  private static func embedded(
    _ text: String, _ path: String
  ) -> (files: [PassthroughFile], findings: [Finding]) {
    do throws(FileError) {
      let files = try TokenizerFiles(embedded: text, path: path)
      let names = files.contents.keys.sorted()
      return (
        names.map { name in
          PassthroughFile(
            name: name,
            place: files.isKerasHub && name == TokenizerFiles.sentencePiece
              ? TokenizerFiles.kerasHubVocabulary : name,
            content: .bytes(files.contents[name] ?? []))
        }, []
      )
    } catch {
      return ([], [unusable("albert.tokenizer", error)])
    }
  }

  private static func unusable(_ place: String, _ error: FileError) -> Finding {
    Finding(
      .warning, code: "tokenizer-unusable",
      "the tokenizer's file '\(place)' stays behind: \(error.message); \(error.remedy)")
  }

  /// Its name in a native file: a preset's vocabulary keeps its own, since it is used in another way.
  var embeddedName: String {
    place == TokenizerFiles.kerasHubVocabulary ? TokenizerFiles.kerasHubVocabulary : name
  }
}

extension ExportPlan {
  /// A note of tokenizer files that are there and that the output does not take along.
  var leftBehind: [Finding] {
    if format.type == NativeExport.self { return passthroughFindings }
    let files = (try? format.type.files(model)) ?? []
    let names = passthrough.filter { passthrough in
      !files.contains { $0.content.isSame(passthrough.content) }
    }
    .map { FilePath($0.place).lastComponent?.string ?? $0.place }
    guard !names.isEmpty else { return passthroughFindings }
    let reason = isFolder ? "has no place for" : "is one file, which has no place for"
    return passthroughFindings + [
      Finding(
        .note, code: "tokenizer-left-behind",
        "the output \(reason) the tokenizer's \(names.joined(separator: ", ")): copy it along to "
          + "turn text into ids")
    ]
  }
}

extension ExportFile.Content {
  /// Whether both are the same file of a tokenizer's.
  fileprivate func isSame(_ other: ExportFile.Content) -> Bool {
    switch (self, other) {
    case (.copy(let file), .copy(let other)): file.path == other.path
    case (.bytes(let bytes), .bytes(let other)): bytes == other
    default: false
    }
  }
}

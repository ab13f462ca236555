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
  /// Files that lie outside the source's own folder or are too large to be a tokenizer's stay behind.
  /// Throws where one that is there cannot be read.
  static func beside(
    _ inspection: Inspection
  ) throws(FileError) -> (files: [PassthroughFile], findings: [Finding]) {
    if let text = inspection.embeddedTokenizer { return embedded(text, inspection.path.string) }
    guard let weights = inspection.archive.files.first?.path else { return ([], []) }
    let folder = try ModelFolder(of: weights)
    var found: [PassthroughFile] = []
    var findings: [Finding] = []
    let places = TokenizerFiles.places(isKerasHub: inspection.isKerasHub)
    for (place, name) in places where !found.contains(where: { $0.name == name }) {
      // A link that leads nowhere is there as well.
      let path = weights.removingLastComponent().appending(place)
      guard try path.found(followingLinks: false) != nil else { continue }
      do throws(FileError) {
        let file = try SourceFile(try folder.file(named: place, "the tokenizer"))
        try FileError.limit(
          file.size, "the size of a tokenizer's file", most: TokenizerFiles.largestFile,
          in: file.path.string)
        found.append(
          PassthroughFile(kind: .tokenizer, name: name, place: place, content: .copy(file)))
      } catch {
        if error.isOfMachine { throw error }
        findings.append(unusable(place, error))
      }
    }
    if found.contains(where: { TokenizerFiles.vocabularies.contains($0.name) }) {
      do throws(FileError) {
        _ = try inspection.tokenizer()
      } catch {
        if error.isOfMachine { throw error }
        findings.append(unfit(error))
      }
    }
    return (found, findings)
  }

  /// That a tokenizer goes along which the model cannot be asked with.
  private static func unfit(_ error: FileError) -> Finding {
    Finding(
      .warning, code: "tokenizer-unfit",
      "the tokenizer does not serve the model, and goes along as it is: \(error.message)",
      remedy: error.advice)
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
            kind: .tokenizer, name: name,
            place: files.isKerasHub && name == TokenizerFiles.sentencePiece
              ? TokenizerFiles.kerasHubVocabulary : name,
            content: .bytes(files.contents[name] ?? []))
        }, []
      )
    } catch {
      return ([], [unusable("albert.tokenizer", error)])
    }
  }

  /// The files by which sentence-transformers makes a text's vector.
  ///
  /// Throws where one that is there cannot be read.
  static func pooling(
    _ inspection: Inspection
  ) throws(FileError) -> (files: [PassthroughFile], findings: [Finding]) {
    do throws(FileError) {
      let files = try inspection.poolingFiles()
      return (
        files.contents.sorted { $0.key < $1.key }.map { name, bytes in
          PassthroughFile(kind: .pooling, name: name, place: name, content: .bytes(bytes))
        }, try files.modules().filter(\.hasWeights).map(behind) + setFitHead(beside: inspection)
      )
    } catch {
      if error.isOfMachine { throw error }
      return (
        [],
        [
          Finding(
            .warning, code: "pooling-unusable",
            "how a text's vector is made is not taken along: \(error.message); \(error.remedy)")
        ]
      )
    }
  }

  /// That a module with weights of its own, which is no part of an ALBERT, does not go along.
  private static func behind(_ module: PoolingFiles.Module) -> Finding {
    Finding(
      .warning, code: "module-left-behind",
      "sentence-transformers' module '\(module.kind)' stays behind, without which a text's vector is "
        + "another",
      remedy:
        "copy its folder '\(module.path)', which belongs to the model, beside the modules.json that is "
        + "written")
  }

  /// That SetFit's classifier, which is scikit-learn's or a module of PyTorch's in a pickle, does not go along.
  private static func setFitHead(beside inspection: Inspection) -> [Finding] {
    guard let weights = inspection.archive.files.first?.path else { return [] }
    let folder = weights.removingLastComponent().orCurrentFolder
    guard
      let name = ["model_head.pkl", "model_head.pt"].first(where: { folder.appending($0).exists })
    else { return [] }
    return [
      Finding(
        .warning, code: "module-left-behind",
        "SetFit's classifier '\(name)' stays behind, which turns a text's vector into a class",
        remedy:
          "copy it and config_setfit.json beside the modules.json that is written, where SetFit is to "
          + "load that")
    ]
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
  /// Notes of the config and of tokenizer files that are there and that the output does not take along.
  var leftBehind: [Finding] {
    if format.type == NativeExport.self { return passthroughFindings }
    let files = (try? format.type.files(model)) ?? []
    let left = passthrough.filter { passthrough in
      !files.contains { $0.content.isSame(passthrough.content) }
    }
    let reason = isFolder ? "has no place for" : "is one file, which has no place for"
    func note(_ kind: PassthroughFile.Kind, _ code: String, _ whose: String, _ purpose: String)
      -> [Finding]
    {
      let names = left.filter { $0.kind == kind }.map { file in
        kind == .pooling ? file.place : FilePath(file.place).lastComponent?.string ?? file.place
      }
      guard !names.isEmpty else { return [] }
      return [
        Finding(
          .note, code: code,
          "the output \(reason) \(whose) \(names.joined(separator: ", ")): copy it along to "
            + purpose)
      ]
    }
    return configLeftBehind + passthroughFindings
      + note(.tokenizer, "tokenizer-left-behind", "the tokenizer's", "turn text into ids")
      + note(
        .pooling, "pooling-left-behind", "sentence-transformers'", "make the same vectors of texts")
  }
}

extension ExportPlan {
  /// A note that a single file does not say by itself how to compute with it.
  private var configLeftBehind: [Finding] {
    guard !isFolder, let config = format.type.configBesideFile else { return [] }
    return [
      Finding(
        .note, code: "config-left-behind",
        "the output is one file, which has no place for the config: keep a \(config) beside it, "
          + "as there is in an output that is a folder")
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

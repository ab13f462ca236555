internal import AlbertArchitecture
internal import AlbertArchives
internal import AlbertBytes
internal import SystemPackage

/// Which files in a user's folder are a model's, and which only lie there.
enum ModelFiles {
  /// What the writing of outputs goes by; `keepingTokenizer` where the new model has none of its own.
  static func rules(keepingTokenizer: Bool = false) -> OutputRules {
    OutputRules(
      isOwn: { isOwn($0) || (!keepingTokenizer && isTokenizer($0)) }, isInUse: isInUse)
  }

  /// Whether a file, by its path in a folder, is one that publishers' libraries read a model from, so
  /// that beside a new model it would be taken for a part of that.
  ///
  /// Exact names: what merely ends like a model's file may be anything of the user's.
  static func isOwn(_ path: String) -> Bool {
    names.contains(path) || names.contains(withoutNumbers(path))
  }

  /// Whether it is one of a tokenizer's files.
  static func isTokenizer(_ path: String) -> Bool { tokenizerNames.contains(path) }

  private static let names: Set<String> = [
    "config.json", "albert_config.json",
    "modules.json", "1_Pooling/config.json", "sentence_bert_config.json",
    "config_sentence_transformers.json",
    "model.safetensors", "model.safetensors.index.json", "model-#-of-#.safetensors",
    "pytorch_model.bin", "pytorch_model.bin.index.json", "pytorch_model-#-of-#.bin",
    "tf_model.h5", "tf_model.h5.index.json", "tf_model-#-of-#.h5",
    "flax_model.msgpack", "flax_model.msgpack.index.json", "flax_model-#-of-#.msgpack",
    "metadata.json", "task.json", "preprocessor.json", "model.weights.h5", "task.weights.h5",
    "checkpoint", "model.ckpt-best.index", "model.ckpt-best.meta", "model.ckpt-best.data-#-of-#",
  ]

  private static let tokenizerNames: Set<String> = [
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
    "spiece.model", "vocab.txt", "30k-clean.model", "30k-clean.vocab",
    "assets/tokenizer/vocabulary.spm",
  ]

  /// A path with `#` for each number of five digits, as shards have them.
  private static func withoutNumbers(_ path: String) -> String {
    path.split(separator: "-", omittingEmptySubsequences: false).map { part in
      let digits = part.prefix { ("0"..."9").contains($0) }
      return digits.count == 5 ? "#" + part.dropFirst(5) : String(part)
    }.joined(separator: "-")
  }
}

// MARK: What is told

extension ModelFiles {
  /// A note on the tokenizer that a folder keeps, although its model is replaced.
  static func keptTokenizer(in folder: FilePath) -> [Finding] {
    let kept = tokenizerNames.sorted().filter { folder.pushing(FilePath($0)).isOwnFile }
    guard !kept.isEmpty else { return [] }
    return [
      Finding(
        .warning, code: "kept-tokenizer",
        "kept \(kept.joined(separator: ", ")) of the folder that was replaced, since the source has no "
          + "tokenizer", remedy: "remove what belongs to another vocabulary")
    ]
  }

  /// A warning where a folder is read as another model than the one that was written to it.
  static func otherModel(in folder: FilePath, besides names: [String]) -> [Finding] {
    let what: String
    do throws(FileError) {
      let first = try ArchiveRegistry.locate(folder).path.lastComponent?.string ?? ""
      if names.contains(first) { return [] }
      what = "'\(first)', which lies there too, is read before it"
    } catch {
      what = error.message
    }
    return [
      Finding(
        .warning, code: "other-model",
        "by the name of the folder the new model is not found: \(what)",
        remedy: "name its own file, or move the other one away")
    ]
  }
}

// MARK: Data beside a model

extension ModelFiles {
  /// The names of the files beside the model at `path` that it takes data from, and nothing else is
  /// known to: those that are called after it and that it takes to their end.
  static func data(of path: FilePath) -> [String] {
    guard let name = path.lastComponent?.string else { return [] }
    let folder = path.removingLastComponent()
    if name.hasSuffix(".index") {
      let shards = (try? TensorFlowCheckpointFiles.shards(ofIndexAt: path)) ?? []
      return shards.filter { folder.appending($0).isOwnFile }
    }
    guard isONNX(path), let places = try? ONNXDataFiles.places(of: path) else { return [] }
    return places.sorted { $0.key < $1.key }.compactMap { location, end in
      guard location.hasPrefix(name), !location.contains("/"), location != name,
        let data = try? SourceFile(folder.appending(location)), data.size == end
      else { return nil }
      return location
    }
  }

  /// Whether a model beside a file takes data from it; nil where none is known to, and one cannot be
  /// read.
  static func isInUse(_ file: FilePath) -> Bool? {
    guard let own = file.lastComponent else { return nil }
    let name = own.string
    if let index = TensorFlowCheckpointFiles.index(ofShardAt: file) {
      if index.isSurelyAbsent { return false }
      return (try? TensorFlowCheckpointFiles.shards(ofIndexAt: index))?.contains(name)
    }
    let folder = file.removingLastComponent()
    guard let names = try? Folder.names(in: folder.orCurrentFolder) else { return nil }
    var isKnown = true
    for other in names where other != own {
      switch takesData(folder.appending(other), from: name) {
      case true?: return true
      case nil: isKnown = false
      case false?: continue
      }
    }
    return isKnown ? false : nil
  }

  /// Whether what is at `path` is an ONNX model that takes data from the file `name` beside it; nil
  /// where it cannot be read.
  private static func takesData(_ path: FilePath, from name: String) -> Bool? {
    if path.isSurelyAbsent || path.isOfAnotherKind { return false }
    guard let claimed = claims(path) else { return nil }
    return claimed ? (try? ONNXDataFiles.places(of: path)).map { $0[name] != nil } : false
  }

  private static func isONNX(_ path: FilePath) -> Bool { claims(path) ?? false }

  /// Whether a file is an ONNX model; nil where it cannot be read.
  private static func claims(_ path: FilePath) -> Bool? {
    guard let file = try? SourceFile(path),
      let head = try? file.head(ArchiveRegistry.headSize)
    else { return nil }
    return (try? ONNXFormat.claims(file, head: head)) ?? false
  }
}

extension FilePath {
  /// Whether a file itself, no link, has the name.
  var isOwnFile: Bool { ownStatus?.type == .regular }

  /// Whether nothing is there for certain; a file system that fails does not say so.
  fileprivate var isSurelyAbsent: Bool {
    do throws(Errno) {
      _ = try stat()
      return false
    } catch {
      return error == .noSuchFileOrDirectory || error == .notDirectory
    }
  }

  /// Whether a folder or a device is there, in which no model lies.
  fileprivate var isOfAnotherKind: Bool {
    status.map { $0.type != .regular } ?? false
  }
}

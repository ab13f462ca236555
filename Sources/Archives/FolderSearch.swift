internal import AlbertBytes
internal import SystemPackage

/// The way from a folder to the one checkpoint that is meant by it.
struct FolderSearch {
  typealias Located = ArchiveRegistry.Located

  /// A file that a rule fits.
  private struct Candidate {
    let rank: Int
    let name: FilePath.Component
    let format: any ArchiveFormat.Type
  }

  let folder: FilePath
  let names: [FilePath.Component]

  /// The most files that are opened to see what they are.
  private static let maxProbed = 100

  init(_ folder: FilePath) throws(FileError) {
    self.folder = folder
    names = try Folder.names(in: folder)
  }

  /// The container of lowest rank, else the only file that some format claims, else the only one below.
  ///
  /// Two of one rank are an error.
  func run() throws(FileError) -> Located {
    if let snapshot = try snapshot() { return snapshot }
    if let named = try byName() { return named }
    if let only = try byContent() { return only }
    if let foreign = ForeignModel.error(folder: folder, names) { throw foreign }
    if let parts = ZeroCheckpoint.error(folder: folder, names) { throw parts }
    if let below = try FolderDescent(folder: folder, names: names).run() { return below }
    if let unusable = unusable() { throw unusable }
    if let unreadable = unreadable() { throw unreadable }
    throw missing
  }

  /// What the rules find; nil for nothing.
  func byName() throws(FileError) -> Located? {
    var found = candidates()
    // By a mere ending, other files pass for checkpoints, such as the `weights.bin` that an ONNX
    // model keeps its data in; their content tells.
    let hasUsual = found.contains { Self.isUsual($0.rank) }
    var certain: [Candidate] = []
    for candidate in found where try isCertain(candidate, besideUsual: hasUsual) {
      certain.append(candidate)
    }
    if !certain.isEmpty {
      found = certain
    } else if let foreign = ForeignModel.error(folder: folder, names) {
      throw foreign
    }
    guard let best = found.first else {
      for format in ArchiveRegistry.formats {
        if let completed = try format.complete(folder) { return Located(completed, format) }
      }
      return nil
    }
    // A pointer or a page in a checkpoint's place is not the checkpoint; another one may be.
    var usable = found[...]
    while let first = usable.first, try plainError(of: first) != nil { usable.removeFirst() }
    guard let usual = usable.first, usual.rank == best.rank || Self.isUsual(usual.rank) else {
      throw try plainError(of: best) ?? missing
    }
    let equal = usable.filter { $0.rank == usual.rank }
    let models = equal.filter { !Self.isCompanion($0.name.string) }
    let first = models.first ?? usual
    let rivals = (models.isEmpty ? equal : models).map(\.name.string)
    guard try areShards(rivals) || rivals.count == 1 else {
      if let parts = ZeroCheckpoint.error(folder: folder, names) { throw parts }
      if let parts = RankShards.error(folder: folder, names) { throw parts }
      throw FileError(
        folder.string, .ambiguous(of: "checkpoint in this folder", candidates: rivals),
        remedy: "name one of them instead of the folder")
    }
    return Located(
      folder.appending(first.name), format(of: first),
      passedOver: found.filter { $0.name != first.name }.map(\.name.string))
  }

  /// Whether all files are parts of one checkpoint, which the first of them stands for.
  ///
  /// Throws where parts of it are missing.
  private func areShards(_ names: [String]) throws(FileError) -> Bool {
    guard let first = names.first, let shard = ShardName(first),
      names.allSatisfy({ ShardName($0)?.isSibling(of: shard) == true }),
      let name = FilePath.Component(first), let set = ShardSet(of: folder.appending(name))
    else { return false }
    guard set.missing.isEmpty else { throw set.error(in: folder) }
    return true
  }

  /// Whether a file lies beside models and is none: a training loop's state, FARM's and AdapterHub's heads.
  private static func isCompanion(_ name: String) -> Bool {
    companions.contains { name.lowercased().hasPrefix($0) }
  }

  private static let companions = [
    "optimizer", "scheduler", "scaler", "training_args", "rng_state", "random_states",
    "prediction_head_", "pytorch_model_head.", "model_head.",
  ]

  /// Whether a rule's name is one that only whole models have.
  private static func isUsual(_ rank: Int) -> Bool {
    rank < FolderRule.Rank.otherWeights.rawValue
  }

  /// All files that rules fit, lowest rank first; names of one rank keep the order of the listing.
  private func candidates() -> [Candidate] {
    var found: [Candidate] = []
    for name in names {
      let fits = ArchiveRegistry.formats.flatMap { format in
        format.folderRules.filter { $0.matches(name.string) }.map {
          Candidate(rank: $0.rank.rawValue, name: name, format: format)
        }
      }
      if let best = fits.min(by: { $0.rank < $1.rank }) { found.append(best) }
    }
    return found.enumerated().sorted { ($0.1.rank, $0.0) < ($1.1.rank, $1.0) }.map(\.1)
  }

  /// Whether a file is a checkpoint by its name, or by what it holds.
  ///
  /// What nobody let the user read decides nothing where another file has a usual name, or it is a training
  /// loop's own.
  private func isCertain(
    _ candidate: Candidate, besideUsual: Bool
  ) throws(FileError) -> Bool {
    if Self.isUsual(candidate.rank) { return true }
    do throws(FileError) {
      return try isClaimed(candidate)
    } catch {
      guard error.isOfPermission, besideUsual || Self.isCompanion(candidate.name.string) else {
        throw error
      }
      return true
    }
  }

  private func isClaimed(_ candidate: Candidate) throws(FileError) -> Bool {
    let claimed = try FileError.ifReadable { () throws(FileError) in
      let file = try SourceFile(folder.appending(candidate.name))
      return try candidate.format.claims(file, head: try file.head(ArchiveRegistry.headSize))
    }
    return claimed ?? false
  }

  /// The format that a file's content is of: its name may be another's, as of `.keras` files in HDF5, which Keras
  /// 2.12 wrote.
  private func format(of candidate: Candidate) -> any ArchiveFormat.Type {
    if (try? isClaimed(candidate)) == true { return candidate.format }
    return (try? ArchiveRegistry.recognise(folder.appending(candidate.name))) ?? candidate.format
  }

  private func plainError(of candidate: Candidate) throws(FileError) -> FileError? {
    do throws(FileError) {
      if try isClaimed(candidate) { return nil }
    } catch {
      // It is told of where it is opened.
      guard error.isOfPermission else { throw error }
      return nil
    }
    return ArchiveRegistry.plainError(of: folder.appending(candidate.name))
  }

  /// The only file that some format claims, whatever its name: `last.ckpt`, `step_1000000.t7`.
  func byContent() throws(FileError) -> Located? {
    var found: [(name: FilePath.Component, format: any ArchiveFormat.Type)] = []
    for name in names.prefix(Self.maxProbed) {
      do throws(FileError) {
        found.append((name, try ArchiveRegistry.recognise(folder.appending(name))))
      } catch {
        // What nobody let the user read is not the model beside it.
        if error.isOfMachine && !error.isOfPermission { throw error }
      }
    }
    guard found.count <= 1 else {
      throw FileError(
        folder.string,
        .ambiguous(of: "checkpoint in this folder", candidates: found.map(\.name.string)),
        remedy: "name one of them instead of the folder")
    }
    return found.first.map { Located(folder.appending($0.name), $0.format) }
  }

  /// The error for the first file that stands in a checkpoint's place: an archive, a pointer, a model
  /// of another runtime.
  private func unusable() -> FileError? {
    others.lazy.compactMap { ArchiveRegistry.plainError(of: folder.appending($0)) }.first
  }

  /// The error for the first file that cannot be read, which may be the checkpoint.
  private func unreadable() -> FileError? {
    others.lazy.compactMap { name in
      do throws(FileError) {
        _ = try SourceFile(folder.appending(name))
        return nil
      } catch {
        return error.isOfMachine && error.isOfPermission ? error : nil
      }
    }.first
  }

  /// The files of which nothing says that they are texts.
  private var others: ArraySlice<FilePath.Component> {
    names.filter { name in
      let lower = name.string.lowercased()
      return !lower.hasPrefix(".") && !Self.texts.contains { lower.hasSuffix($0) }
    }.prefix(Self.maxProbed)
  }

  /// Endings of what lies beside checkpoints and is meant to be text.
  private static let texts = [
    ".txt", ".md", ".json", ".jsonl", ".html", ".htm", ".py", ".yml", ".yaml", ".csv", ".tsv",
    ".log",
    ".sh", ".toml", ".cfg", ".ini", ".vocab", ".rst", ".cff", "license", "readme", "notice",
    "makefile",
  ]

  /// The error for a folder in which nothing is found.
  private var missing: FileError {
    let config = names.first { ["config.json", "albert_config.json"].contains($0.string) }
    return FileError(
      folder.string,
      .missing(
        "a checkpoint in this folder"
          + (config.map { ", which holds a config ('\($0)') but no weights," } ?? "")),
      remedy: "name the checkpoint's file, or the folder that holds it")
  }
}

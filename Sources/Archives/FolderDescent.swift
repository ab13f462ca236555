internal import AlbertBytes
internal import AlbertJSON
internal import SystemPackage

/// The way from a folder that is one level too high to the only checkpoint below it.
///
/// `0_Transformer` of sentence-transformers, `checkpoint-500` of a Trainer, the folder that an archive
/// was unpacked into, and a model's folder in the cache of the Hugging Face Hub.
struct FolderDescent {
  typealias Located = ArchiveRegistry.Located

  let folder: FilePath
  let names: [FilePath.Component]

  /// The most folders that are looked into.
  private static let maxFolders = 100

  /// What is found below; nil for nothing.
  ///
  /// Throws `ambiguous` where several folders hold a checkpoint, and what hinders reading the only one.
  func run() throws(FileError) -> Located? {
    var found: [(name: FilePath.Component, located: Located?, error: FileError?)] = []
    for name in names.lazy.filter(isFolder).prefix(Self.maxFolders) {
      do throws(FileError) {
        let below = try FolderSearch(folder.appending(name))
        var located = try below.snapshot()
        if located == nil { located = try below.byName() }
        if let located { found.append((name, located, nil)) }
      } catch {
        if error.code != "missing" { found.append((name, nil, error)) }
      }
    }
    if found.count > 1, let main = try transformer,
      let its = found.first(where: { $0.name == main })
    {
      found = [its]
    }
    if found.count > 1, case let models = found.filter({ !$0.name.string.hasPrefix("optimizer") }),
      models.count == 1
    {
      found = models
    }
    guard let only = found.first else { return nil }
    guard found.count == 1 else {
      throw FileError(
        folder.string,
        .ambiguous(
          of: "folder with a checkpoint in it", candidates: found.map(\.name.string)),
        remedy: "name one of them, such as \(folder.appending(only.name))")
    }
    if let error = only.error { throw error }
    guard var located = only.located else { return nil }
    located.place = located.place ?? "the only folder with a checkpoint in it, '\(only.name)'"
    return located
  }

  /// A folder of this one; links might lead out of the model.
  private func isFolder(_ name: FilePath.Component) -> Bool {
    !name.string.hasPrefix(".")
      && folder.appending(name).ownStatus?.type == .directory
  }

  /// The folder that sentence-transformers' list of modules calls the transformer.
  private var transformer: FilePath.Component? {
    get throws(FileError) {
      guard names.contains("modules.json") else { return nil }
      let modules = try FileError.ifReadable { () throws(FileError) -> JSONValue? in
        let file = try SourceFile(folder.appending("modules.json"))
        return file.size <= 1 << 20 ? try JSONValue.parse(file) : nil
      }
      let module = modules??.elements?.first {
        $0["type"]?.string?.hasSuffix(".Transformer") == true
      }
      return module?["path"]?.string.flatMap { FilePath.Component($0) }
    }
  }
}

extension FolderSearch {
  /// What the current snapshot of a model's folder in the Hub's cache holds; nil for another folder.
  ///
  /// Throws `ambiguous` where nothing says which snapshot is the current one.
  func snapshot() throws(FileError) -> Located? {
    guard names.contains("snapshots"), names.contains("blobs") || names.contains("refs") else {
      return nil
    }
    let snapshots = folder.appending("snapshots")
    let there = try Folder.names(in: snapshots)
    let current: FilePath.Component
    if let main = try mainRevision {
      guard there.contains(main) else {
        throw FileError(
          folder.string, .missing("the snapshot '\(main)', which refs/main names,"),
          remedy: HubCache.download(folder) ?? "download the model again")
      }
      current = main
    } else {
      guard let only = there.first else {
        throw FileError(
          folder.string, .missing("a snapshot of this model"),
          remedy: HubCache.download(folder) ?? "download the model again")
      }
      guard there.count == 1 else {
        throw FileError(
          folder.string, .ambiguous(of: "snapshot", candidates: there.map(\.string)),
          remedy: "name one of them, such as \(snapshots.appending(only))")
      }
      current = only
    }
    let below = try FolderSearch(snapshots.appending(current))
    do throws(FileError) {
      var located = try below.run()
      guard located.path.exists else {
        throw FileError(absent: located.path)
      }
      located.place = "the snapshot '\(current)' of the Hub's cache"
      return located
    } catch {
      // A link whose blob is not there is a download that was broken off.
      guard ["missing", "not-found"].contains(error.code), let remedy = HubCache.download(folder)
      else { throw error }
      throw FileError(error.path, error.problem, remedy: remedy)
    }
  }

  /// The commit that `refs/main` names.
  private var mainRevision: FilePath.Component? {
    get throws(FileError) {
      let read = try FileError.ifReadable { () throws(FileError) -> [UInt8]? in
        let file = try SourceFile(folder.pushing("refs/main"))
        return file.size <= 100 ? try file.bytes(at: 0, count: file.size) : nil
      }
      guard let bytes = read ?? nil else { return nil }
      let text = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
      guard let name = FilePath.Component(text), name.kind == .regular else { return nil }
      return name
    }
  }
}

internal import AlbertBytes
internal import SystemPackage

/// Archives around a checkpoint, as people download them: each error says how to unpack it, in a command
/// that works from where the tool was started.
enum PackedModel {
  /// How an archive is known and what unpacks it.
  private struct Kind {
    let magic: [UInt8]
    /// Such as `a gzip archive`.
    let title: String
    /// The command for a tar archive within; nil where none can be.
    var tar: String?
    /// The command for a single file under the ending of such, which keeps the packed one; nil where there
    /// is always a folder.
    var single: String?
    /// The same, whatever the file is called, to standard output.
    var stream = ""
    /// The command for a folder, up to its name, where it is not a tar archive.
    var folder = ""
  }

  private static let gzip: [UInt8] = [0x1F, 0x8B, 0x08]

  private static let kinds = [
    Kind(
      magic: gzip, title: "a gzip archive", tar: "tar xzf", single: "gunzip -k",
      stream: "gunzip -c"),
    Kind(
      magic: Array("BZh".utf8), title: "a bzip2 archive", tar: "tar xjf", single: "bunzip2 -k",
      stream: "bunzip2 -c"),
    Kind(
      magic: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], title: "an xz archive", tar: "tar xJf",
      single: "unxz -k", stream: "xz -dc"),
    Kind(
      magic: [0x28, 0xB5, 0x2F, 0xFD], title: "a Zstandard archive", tar: "tar --zstd -xf",
      single: "unzstd", stream: "zstd -dc"),
    Kind(
      magic: [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], title: "a 7-Zip archive", folder: "7z x"),
    Kind(magic: Array("Rar!".utf8), title: "a RAR archive", folder: "unrar x"),
  ]

  /// The endings that single compressed files have.
  private static let singleEndings = [".gz", ".bz2", ".xz", ".zst"]
  /// The endings that archives of folders have, the longest first.
  private static let folderEndings =
    singleEndings.map { ".tar" + $0 } + [".tar", ".tgz", ".tbz2", ".txz", ".zip", ".7z", ".rar"]
    + singleEndings

  /// The error for an archive that its first bytes alone tell.
  static func compressed(_ path: String, head: [UInt8]) -> FileError? {
    if let kind = kinds.first(where: { head.starts(with: $0.magic) }) {
      if let single = kind.single, !holdsTar(head, path) {
        let lower = path.lowercased()
        guard let ending = singleEndings.first(where: lower.hasSuffix) else {
          // A server may have packed it on the way, and a browser left it so.
          let unpacked = quoted(path + "-unpacked")
          return error(
            path, kind.title, "\(kind.stream) \(quoted(path)) > \(unpacked)", unpacked)
        }
        return error(
          path, kind.title, "\(single) \(quoted(path))", quoted(String(path.dropLast(ending.count)))
        )
      }
      let folder = folder(for: path)
      guard let tar = kind.tar else {
        let target = kind.folder.hasPrefix("7z") ? "-o\(quoted(folder))" : quoted(folder + "/")
        return error(
          path, kind.title, "\(kind.folder) \(quoted(path)) \(target)", quoted(folder))
      }
      return error(path, kind.title, unpacking(path, with: tar, into: folder), quoted(folder))
    }
    if isTar(head) {
      let folder = folder(for: path)
      return error(
        path, "a tar archive", unpacking(path, with: "tar xf", into: folder), quoted(folder))
    }
    return nil
  }

  /// Whether a packed file holds a tar archive: by its content where that is gzip's, else by its name.
  ///
  /// What is unpacked as a single file and is a tar archive after all is told then.
  private static func holdsTar(_ head: [UInt8], _ path: String) -> Bool {
    if let inside = ungzipped(head) { return isTar(inside) }
    let lower = path.lowercased()
    return tarEndings.contains(where: lower.hasSuffix)
  }

  private static let tarEndings =
    singleEndings.map { ".tar" + $0 } + [".tgz", ".tbz", ".tbz2", ".txz", ".tzst"]

  private static func isTar(_ head: [UInt8]) -> Bool {
    head.count > 262 && Array(head[257..<262]) == Array("ustar".utf8)
  }

  /// The first bytes of what a gzip file holds; nil for another file, or where too few are at hand.
  private static func ungzipped(_ head: [UInt8]) -> [UInt8]? {
    guard head.starts(with: gzip), head.count > 10 else { return nil }
    let flags = head[3]
    var start = 10
    if flags & 0x04 != 0 {
      guard head.count > 12 else { return nil }
      start += 2 + Int(head[10]) + Int(head[11]) << 8
    }
    // A name and a comment, each up to a zero.
    for flag: UInt8 in [0x08, 0x10] where flags & flag != 0 {
      guard start < head.count, let end = head[start...].firstIndex(of: 0) else { return nil }
      start = end + 1
    }
    if flags & 0x02 != 0 { start += 2 }
    guard start < head.count else { return nil }
    var inflater = Inflater()
    let packed = Array(head[start...])
    return unsafe inflater.head(packed.span.bytes, count: 512)
  }

  /// The error for a zip archive that is not a checkpoint itself, with the checkpoint that lies in it.
  static func error(_ file: SourceFile, head: [UInt8]) -> FileError? {
    guard ZipFile.isZip(head) else { return nil }
    let path = file.path.string
    let folder = folder(for: path)
    let command = "unzip \(quoted(path)) -d \(quoted(folder))"
    let zip: ZipFile
    do throws(FileError) {
      zip = try ZipFile(file, checksumsAreOptional: true)
    } catch {
      return FileError(
        path, .malformed("this is a zip archive that is damaged or ends early"),
        remedy: "download it again, then unpack it with '\(command)'")
    }
    let names = zip.members.map(\.name)
    if names.contains(where: { $0.contains("data/aotinductor/") }) {
      return ForeignModel.error(path, "a program that PyTorch compiled (AOTInductor)")
    }
    func last(_ name: String) -> String { name.split(separator: "/").last.map(String.init) ?? name }
    if names.contains(where: { $0.hasSuffix("/version") }),
      names.allSatisfy({ savingsOwn.contains(last($0)) })
    {
      return FileError(
        path,
        .malformed(
          "this is what torch.save leaves where pickling the model failed: it holds no model"),
        remedy: "save the model's state_dict() instead, and name that")
    }
    let inside = names.first { name in
      let last = last(name)
      return ArchiveRegistry.formats.contains { $0.folderRules.contains { $0.matches(last) } }
    }
    let what = (inside ?? names.first).map { "; it holds '\($0)'" } ?? " without a file in it"
    let below = inside?.split(separator: "/").dropLast().map { "/" + $0 }.joined() ?? ""
    return error(path, "a zip archive" + what, command, quoted(folder + below))
  }

  /// What PyTorch adds to what it pickles.
  private static let savingsOwn = [
    "version", "byteorder", "serialization_id", ".format_version", ".storage_alignment",
  ]

  /// How to unpack a zip archive whose members must lie apart.
  static func unzipping(_ path: FilePath) -> Remedy {
    let folder = folder(for: path.string + ".zip")
    return "unpack it with 'unzip \(quoted(path.string)) -d \(quoted(folder))' first and name "
      + quoted(folder)
  }

  private static func error(
    _ path: String, _ title: String, _ command: String, _ then: String
  ) -> FileError {
    FileError(
      path, .malformed("this is \(title)"),
      remedy: "unpack it with '\(command)' first and name \(then)")
  }

  private static func unpacking(
    _ path: String, with tar: String, into folder: String
  ) -> String {
    "mkdir -p \(quoted(folder)) && \(tar) \(quoted(path)) -C \(quoted(folder))"
  }

  /// The folder beside an archive that is called like it; with a further word where the name is taken.
  private static func folder(for path: String) -> String {
    let lower = path.lowercased()
    let ending = folderEndings.first { lower.hasSuffix($0) }
    let stem = String(path.dropLast(ending?.count ?? 0))
    let isFree = ending != nil && !FilePath(stem).isTaken
    return isFree ? stem : stem + "-unpacked"
  }

  /// A path as a shell takes it.
  private static func quoted(_ path: String) -> String {
    let plain = path.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "/._-+".contains($0))
    }
    if plain && !path.hasPrefix("-") { return path }
    let escaped = path.map { "\"$`\\".contains($0) ? "\\\($0)" : "\($0)" }.joined()
    return "\"\(path.hasPrefix("-") ? "./" : "")\(escaped)\""
  }
}

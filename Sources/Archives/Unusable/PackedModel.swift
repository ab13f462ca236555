internal import AlbertBytes
internal import SystemPackage

/// Archives around a checkpoint, as people download them: each error says how to unpack it.
enum PackedModel {
  /// How an archive is known and what unpacks it.
  private struct Kind {
    let magic: [UInt8]
    /// Such as `a gzip archive`.
    let title: String
    /// The command for a tar archive within; nil where none can be.
    let tar: String?
    /// The command for a single file.
    let single: String
  }

  private static let kinds = [
    Kind(magic: [0x1F, 0x8B, 0x08], title: "a gzip archive", tar: "tar xzf", single: "gunzip"),
    Kind(magic: Array("BZh".utf8), title: "a bzip2 archive", tar: "tar xjf", single: "bunzip2"),
    Kind(
      magic: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], title: "an xz archive", tar: "tar xJf",
      single: "unxz"),
    Kind(
      magic: [0x28, 0xB5, 0x2F, 0xFD], title: "a Zstandard archive", tar: "tar --zstd -xf",
      single: "unzstd"),
    Kind(
      magic: [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], title: "a 7-Zip archive", tar: nil,
      single: "7z x"),
    Kind(magic: Array("Rar!".utf8), title: "a RAR archive", tar: nil, single: "unrar x"),
  ]

  /// The endings that single compressed files have.
  private static let singleEndings = [".gz", ".bz2", ".xz", ".zst"]

  /// The error for an archive that its first bytes alone tell.
  static func compressed(_ path: String, head: [UInt8]) -> FileError? {
    let name = FilePath(path).lastComponent?.string ?? path
    func error(_ title: String, _ command: String, _ then: String) -> FileError {
      FileError(
        path, .malformed("this is \(title)"),
        remedy: "unpack it with '\(command) \(quoted(name))' first and name \(then)")
    }
    if let kind = kinds.first(where: { head.starts(with: $0.magic) }) {
      let lower = name.lowercased()
      let isSingle = singleEndings.contains {
        lower.hasSuffix($0) && !lower.hasSuffix(".tar" + $0)
      }
      guard let tar = kind.tar, !isSingle else {
        return error(kind.title, kind.single, kind.tar == nil ? "the folder" : "the file")
      }
      return error(kind.title, tar, "the folder")
    }
    if head.count > 262, Array(head[257..<262]) == Array("ustar".utf8) {
      return error("a tar archive", "tar xf", "the folder")
    }
    return nil
  }

  /// The error for a zip archive that is not a checkpoint itself, with the checkpoint that lies in it.
  static func error(_ file: SourceFile, head: [UInt8]) -> FileError? {
    guard ZipFile.isZip(head) else { return nil }
    let zip: ZipFile
    do throws(FileError) {
      zip = try ZipFile(file, checksumsAreOptional: true)
    } catch {
      return FileError(
        file.path.string, .malformed("this is a zip archive that is damaged or ends early"),
        remedy: "download it again, then unpack it with 'unzip \(quoted(file.name))'")
    }
    let names = zip.members.map(\.name)
    let inside = names.first { name in
      let last = name.split(separator: "/").last.map(String.init) ?? name
      return ArchiveRegistry.formats.contains { $0.folderRules.contains { $0.matches(last) } }
    }
    let what = (inside ?? names.first).map { "; it holds '\($0)'" } ?? " without a file in it"
    let folder = inside.flatMap { $0.contains("/") ? $0.split(separator: "/").first : nil }
    return FileError(
      file.path.string, .malformed("this is a zip archive\(what)"),
      remedy: "unpack it with 'unzip \(quoted(file.name))' first and name the "
        + (folder.map { "folder '\($0)'" } ?? "folder"))
  }

  /// A file's name as a shell takes it.
  private static func quoted(_ name: String) -> String {
    let plain = name.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "._-+".contains($0))
    }
    return plain && !name.hasPrefix("-") ? name : "\"./\(name.filter { !"\"$`\\!".contains($0) })\""
  }
}

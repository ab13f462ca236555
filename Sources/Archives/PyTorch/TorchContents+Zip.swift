internal import AlbertBytes

extension TorchContents {
  /// The largest pickle that is inflated into memory, where somebody packed the file again.
  private static let largestDeflatedPickle = 1 << 26

  /// Reads the pickle of a zip file; its storages are the members `data/KEY` beside it.
  static func zip(_ file: SourceFile) throws(FileError) -> TorchContents {
    let zip = try ZipFile(file, checksumsAreOptional: true)
    if let exported = try exported(zip) { return exported }
    let path = file.path.string
    let root = try root(of: zip)
    var cursor: ByteCursor
    guard let member = zip[root + "data.pkl"] else {
      throw FileError(path, .missing("the member '\(root)data.pkl'"))
    }
    if member.method == .stored {
      try zip.stream(member) { _ in }
      cursor = try ByteCursor(file, range: member.range)
    } else {
      cursor = ByteCursor(
        try zip.bytes(of: member, most: largestDeflatedPickle), path: path,
        offset: member.range.lowerBound)
    }
    let tree = try PickleMachine.read(&cursor)
    guard cursor.isAtEnd else { throw cursor.malformed("data.pkl goes on after its pickle") }

    let pickle = try TorchPickle(tree, path: path)
    var storages: [String: TorchFile.Place] = [:]
    for storage in pickle.storages.values {
      // One that no tensor uses, or a device without data, may have no member.
      guard let member = zip["\(root)data/\(storage.key)"] else { continue }
      guard member.size == storage.byteCount else {
        throw FileError(
          path,
          .mismatch(
            of: "the size of '\(member.name)'", expected: "\(storage.byteCount) bytes",
            found: "\(member.size)"), offset: member.range.lowerBound,
          remedy: FileError.Problem.malformed("").usualRemedy)
      }
      storages[storage.key] = .member(member)
    }
    return try TorchContents(
      file: file, zip: zip, isBigEndian: try isBigEndian(zip, root), pickle: pickle,
      storages: storages)
  }

  /// The folders, with their `/`, that hold a pickle; empty where somebody packed without one.
  static func roots(of zip: ZipFile) -> [String] {
    let ending = "data.pkl"
    return zip.members.compactMap { member -> String? in
      guard member.name.hasSuffix(ending) else { return nil }
      let root = member.name.dropLast(ending.utf8.count)
      guard root.isEmpty || root.last == "/" else { return nil }
      return root.dropLast().contains("/") ? nil : String(root)
    }
  }

  private static func root(of zip: ZipFile) throws(FileError) -> String {
    let roots = roots(of: zip)
    guard let root = roots.first else {
      throw FileError(
        zip.file.path.string, .missing("the member 'data.pkl' of the zip file"),
        remedy: "name a file that torch.save wrote")
    }
    guard roots.count == 1 else {
      throw FileError(
        zip.file.path.string,
        .ambiguous(of: "pickle", candidates: roots.map { $0 + "data.pkl" }),
        remedy: "save the model again, alone in its file")
    }
    return root
  }

  /// What the member `byteorder` says; files of older versions have none and are little-endian.
  static func isBigEndian(_ zip: ZipFile, _ root: String) throws(FileError) -> Bool {
    guard let member = zip[root + "byteorder"] else { return false }
    switch String(decoding: try zip.bytes(of: member, most: 64), as: UTF8.self) {
    case "little": return false
    case "big": return true
    case let other:
      throw FileError(
        zip.file.path.string, .malformed("the byte order is '\(other)', neither little nor big"),
        offset: member.range.lowerBound)
    }
  }
}

package import AlbertBytes
package import SystemPackage
package import AlbertTensors

/// The arrays of an `.npz` file, by the names they were saved under, or the one of an `.npy` file, by
/// the file's name.
package struct NumPyArchive: TensorArchive {
  /// `npz`.
  package let format = NumPyFormat.name
  /// The file.
  package let files: [SourceFile]
  /// All arrays in the order of their data.
  package let tensors: [TensorDescription]
  /// Members that are not arrays.
  package let notes: [ArchiveNote]

  let zip: ZipFile?
  let places: ByName<Place>

  /// One array: its header, and in an `.npz` file its member.
  struct Place: Sendable {
    let header: NumPyHeader
    let member: ZipMember?
  }

  /// Opens a file; reads and checks every array's header.
  package init(_ path: FilePath) throws(FileError) {
    let file = try SourceFile(path)
    let head = try file.head(NumPyHeader.usualSize)
    if ZipFile.isZip(head) {
      try self.init(ZipFile(file))
    } else {
      try self.init(single: file, head)
    }
  }

  private init(_ zip: ZipFile) throws(FileError) {
    var tensors: [TensorDescription] = []
    var places = ByName<Place>()
    var notes: [ArchiveNote] = []
    for member in zip.members {
      guard member.name.hasSuffix(".npy") else {
        notes.add(
          .note, code: "no-array",
          message: "the member '\(member.name)' is no array and was passed over")
        continue
      }
      let name = String(member.name.dropLast(4))
      try FileError.concerning(name) { () throws(FileError) in
        let header = try Self.header(of: member, in: zip)
        tensors.append(TensorDescription(name: name, type: header.type.type, shape: header.shape))
        guard places.insert(Place(header: header, member: member), as: name) else {
          throw FileError(zip.file.path.string, .malformed("the name occurs twice"))
        }
      }
    }
    self.zip = zip
    self.tensors = tensors
    self.places = places
    self.notes = notes + NumPyType.unstated(tensors.map(\.name)) { places[$0]?.header.type }
    files = [zip.file]
  }

  private init(single file: SourceFile, _ head: [UInt8]) throws(FileError) {
    let path = file.path.string
    let size = try NumPyHeader.size(head, path: path, offset: 0)
    let header = try NumPyHeader(
      file.bytes(at: 0, count: size, what: "the header"), path: path, offset: 0)
    try header.check(size: file.size, path: path, offset: 0)
    // A single object is no array's element: `numpy.save` of a dictionary.
    guard !header.type.isObject || header.shape.rank > 0 else {
      throw FileError(
        path,
        .rejected(
          code: "pickled-object",
          message: "the file holds no array, but an object that numpy.save pickled"),
        remedy: "load it with numpy.load(allow_pickle=True).item(), if you trust it, and save the "
          + "dictionary of its arrays with numpy.savez('weights.npz', **arrays)")
    }
    let name = file.name.hasSuffix(".npy") ? String(file.name.dropLast(4)) : file.name
    zip = nil
    tensors = [TensorDescription(name: name, type: header.type.type, shape: header.shape)]
    var places = ByName<Place>()
    places.insert(Place(header: header, member: nil), as: name)
    self.places = places
    notes = []
    files = [file]
  }

  /// The header of a member, of which only the beginning is read.
  private static func header(of member: ZipMember, in zip: ZipFile) throws(FileError)
    -> NumPyHeader
  {
    let path = zip.file.path.string
    // In a compressed member an offset says nothing; its own start is what can be found.
    let offset = member.range.lowerBound
    var head = try zip.head(of: member, count: NumPyHeader.usualSize)
    let size = try NumPyHeader.size(head, path: path, offset: offset)
    if size > head.count { head = try zip.head(of: member, count: size) }
    guard size <= head.count else {
      throw FileError(
        path, .truncated(what: "the header", needed: size, available: head.count), offset: offset)
    }
    let header = try NumPyHeader(Array(head[..<size]), path: path, offset: offset)
    try header.check(size: member.size, path: path, offset: offset)
    return header
  }
}

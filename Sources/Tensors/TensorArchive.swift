package import AlbertBytes

/// A container of named tensors, in one file or several, of whatever format.
///
/// Opening reads and checks the headers only. Data is asked for tensor by tensor and comes as the
/// logical content: row-major, little-endian, without gaps, whatever the file's own layout
/// (slices, shards, chunks, strides, compression). A reader knows nothing of ALBERT.
package protocol TensorArchive: Sendable {
  /// The word for the container in reports and JSON, such as `tensorflow-checkpoint`.
  var format: String { get }

  /// All files that belong to the container, the one that was named first.
  var files: [SourceFile] { get }

  /// All tensors, in the order of their data in the files where that is known.
  var tensors: [TensorDescription] { get }

  /// Text that the container carries about itself, by key, such as safetensors' `__metadata__`.
  var metadata: ArchiveMetadata { get }

  /// Text attributes of groups and tensors, by the path of their holder and their name; the root's
  /// path is empty.
  ///
  /// HDF5 files keep lists of layers and the layers' true names there. A group without attributes is
  /// listed with none, since Keras makes one for each layer, also for those without weights.
  var attributes: [String: [String: [String]]] { get }

  /// For each tensor whose place the container knows, what identifies that place: equal for tensors
  /// that are the same bytes of the same storage, such as a decoder tied to its embedding.
  var storageIdentities: [String: String] { get }

  /// Notes about the container that a user should know, such as files passed over.
  var notes: [ArchiveNote] { get }

  /// The computation over the tensors, where the container states one (ONNX).
  var graph: OperatorGraph? { get }

  /// The name that the program which wrote the container gave a tensor, by its name here.
  ///
  /// Only where the two differ: a SavedModel numbers its variables and states their names apart.
  var aliases: [String: String] { get }

  /// Hands the bytes of the tensor `name` to `body` in order, a window at a time, and checks what
  /// the format offers for checking (checksums, lengths) before it returns.
  ///
  /// A name that `tensors` lists twice does not occur; one that it does not list throws `missing`.
  func read(_ name: String, _ body: (RawSpan) throws(FileError) -> Void) throws(FileError)

  /// Where the bytes of the tensor `name` lie in one of `files` just as `read` hands them over; nil where
  /// they do not, or the container does not say.
  func place(of name: String) -> TensorPlace?

  /// Checks what can be checked only after all tensors were read, such as the files' own times.
  func finish() throws(FileError)
}

/// Something that a reader noticed and that is not an error.
package struct ArchiveNote: Equatable, Sendable {
  /// How much it matters.
  package enum Severity: String, Sendable {
    case warning
    case note
  }

  /// How much it matters.
  package let severity: Severity
  /// A stable word for scripts.
  package let code: String
  /// What was noticed.
  package let message: String
  /// What to do; an empty sentence where nothing is to be done.
  package let remedy: Remedy
  /// The tensor concerned, if one is.
  package let tensor: String?

  /// Makes a note.
  package init(
    _ severity: Severity, code: String, message: String, remedy: Remedy = "", tensor: String? = nil
  ) {
    self.severity = severity
    self.code = code
    self.message = message
    self.remedy = remedy
    self.tensor = tensor
  }
}

extension TensorArchive {
  /// The path that errors name: the first file's.
  package var path: String { files.first?.path.string ?? "" }

  /// The error for a name that `tensors` does not list.
  package func absent(_ name: String) -> FileError {
    FileError(path, .missing("the tensor"), tensor: name)
  }

  /// Hands over windows of a tensor that hold whole elements; an archive's own may end inside one.
  package func readWholeElements(
    of tensor: TensorDescription, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    var elements = WholePieces(of: tensor.type.size)
    try read(tensor.name) { (window) throws(FileError) in try elements.take(window, body) }
  }
}

extension TensorArchive {
  /// No text of its own.
  package var metadata: ArchiveMetadata { [:] }

  /// No attributes.
  package var attributes: [String: [String: [String]]] { [:] }

  /// No storage is known to be shared.
  package var storageIdentities: [String: String] { [:] }

  /// Nothing noticed.
  package var notes: [ArchiveNote] { [] }

  /// Tensors alone.
  package var graph: OperatorGraph? { nil }

  /// Each tensor has one name.
  package var aliases: [String: String] { [:] }

  /// Nowhere that could be told.
  package func place(of name: String) -> TensorPlace? { nil }

  /// Every file must be as it was when it was opened.
  package func finish() throws(FileError) {
    for file in files { try file.checkUnchanged() }
  }

  /// The whole content of one tensor.
  ///
  /// For tensors that need a change of layout, and for tests.
  package func bytes(of tensor: TensorDescription) throws(FileError) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(tensor.byteCount)
    try read(tensor.name) { (window) throws(FileError) in
      result.append(window)
    }
    return result
  }
}

internal import AlbertBytes
internal import AlbertTensors

/// The HDF5 file inside a file: all of it, or a member of an archive.
struct HDF5Window: Sendable {
  let file: SourceFile
  /// Where the HDF5 file's address 0 lies.
  let base: Int
  let length: Int

  /// The whole file.
  init(_ file: SourceFile) {
    self.file = file
    base = 0
    length = file.size
  }

  /// A part of the file, which the caller knows to lie in it.
  init(_ file: SourceFile, _ range: Range<Int>) {
    self.file = file
    base = range.lowerBound
    length = range.count
  }
}

/// A dataset whose description was checked against the file.
struct HDF5Dataset: Sendable {
  /// Where the content comes from.
  enum Storage: Sendable, Equatable {
    /// There is no element.
    case empty
    /// From this part of the file.
    case contiguous(Range<Int>)
    /// From a worker, which needs `working` bytes besides.
    case assembled(working: Int)
    /// From nowhere; why, and what helps.
    case unreadable(FileError.Problem, remedy: Remedy? = nil)
  }

  /// The path without a leading slash.
  let path: String
  let type: ElementType
  let shape: Shape
  let isBigEndian: Bool
  let storage: Storage

  var byteCount: Int { shape.count * type.size }
}

extension HDF5Dataset {
  /// Checks what a worker states of a dataset; every number counts as made up until then.
  ///
  /// `attributes` are the dataset's own: Keras tells bfloat16 by one.
  init(
    _ record: HDF5Record, path: String, attributes: [String: [String]], in window: HDF5Window
  ) throws(FileError) {
    func error(_ problem: FileError.Problem, offset: Int? = nil) -> FileError {
      FileError(window.file.path.string, problem, offset: offset, tensor: path)
    }
    let extents = (record.dimensions ?? [0]).map { Int(exactly: $0) ?? -1 }
    guard let shape = Shape(checking: extents) else {
      throw error(.malformed("the shape \(record.dimensions ?? []) is out of range"))
    }
    self.path = path
    self.shape = shape
    type = Self.type(record, isBrainFloat: attributes["dtype"] == ["bfloat16"])
    isBigEndian = record.isBigEndian && type.size > 1
    let byteCount = shape.count * type.size
    guard type != .opaque else {
      storage = .unreadable(.unsupported("reading elements that are no numbers"))
      return
    }
    switch record.storage {
    case _ where byteCount == 0:
      storage = .empty
    case .none:
      storage = .unreadable(
        .malformed("its data was never written"), remedy: "save the model again")
    case .unreadable(let reason):
      storage = .unreadable(
        .unsupported(reason), remedy: "write the file again without that, such as with h5repack")
    case .contiguous(let offset, let size):
      guard size == UInt64(byteCount) else {
        throw error(
          .mismatch(
            of: "the size of the data of shape \(shape)", expected: "\(byteCount) bytes",
            found: "\(size) bytes"))
      }
      guard let start = Int(exactly: offset), start <= window.length,
        byteCount <= window.length - start
      else {
        throw error(
          .truncated(
            what: "its data", needed: byteCount,
            available: max(0, window.length - (Int(exactly: offset) ?? window.length))))
      }
      storage = .contiguous(window.base + start..<window.base + start + byteCount)
    case .assembled(let stored, let working):
      guard stored <= UInt64(window.length),
        byteCount <= Int(stored).multiplied(by: HDF5Limits.maxRatio) ?? .max
      else {
        throw error(
          .malformed(
            "\(stored) bytes in a file of \(window.length) cannot hold the shape \(shape)"))
      }
      // Chunks at the edges are stored whole, so that small data can claim much memory.
      let most = HDF5Limits.spareChunk.adding(byteCount.multiplied(by: 2) ?? .max) ?? .max
      guard working <= UInt64(most) else {
        storage = .unreadable(
          .limit(of: "the size of a row of chunks", value: Int(clamping: working), most: most),
          remedy: "write the file again with smaller chunks, such as with h5repack")
        return
      }
      storage = .assembled(working: Int(clamping: working))
    }
  }

  private static func type(_ record: HDF5Record, isBrainFloat: Bool) -> ElementType {
    switch (record.elementClass, record.elementSize) {
    case (.float, 8): .float64
    case (.float, 4): .float32
    case (.float, 2): .float16
    case (.bfloat16, 2): .bfloat16
    case (.opaque, 2) where isBrainFloat: .bfloat16
    case (.integer, 8): record.isSigned ? .int64 : .uint64
    case (.integer, 4): record.isSigned ? .int32 : .uint32
    case (.integer, 2): record.isSigned ? .int16 : .uint16
    case (.integer, 1): record.isSigned ? .int8 : .uint8
    default: .opaque
    }
  }
}

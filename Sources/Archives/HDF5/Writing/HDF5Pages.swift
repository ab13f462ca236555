internal import CAlbertHDF5

/// A file that libhdf5 writes, in memory, of which only those pages exist that it wrote to.
///
/// Tensors never pass through the library, so these are the file's structure.
final class HDF5Pages {
  private static let pageSize = 4096

  private var pages: [Int: [UInt8]] = [:]
  /// The size of the file; nil until the library has closed it.
  private(set) var byteCount: Int?

  /// The bytes in `range`; those that were never written are zero.
  func bytes(in range: Range<Int>) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: range.count)
    unsafe result.withUnsafeMutableBytes { unsafe read(into: $0, at: range.lowerBound) }
    return result
  }

  private func read(into target: UnsafeMutableRawBufferPointer, at start: Int) {
    Self.eachPage(of: start..<start + target.count) { page, offset, done, count in
      guard let page = pages[page] else {
        unsafe UnsafeMutableRawBufferPointer(rebasing: target[done..<done + count])
          .initializeMemory(as: UInt8.self, repeating: 0)
        return
      }
      unsafe page.withUnsafeBytes { source in
        unsafe UnsafeMutableRawBufferPointer(rebasing: target[done..<done + count])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[offset..<offset + count]))
      }
    }
  }

  private func write(_ source: UnsafeRawBufferPointer, at start: Int) {
    Self.eachPage(of: start..<start + source.count) { page, offset, done, count in
      unsafe pages[page, default: [UInt8](repeating: 0, count: Self.pageSize)]
        .withUnsafeMutableBytes { target in
          unsafe UnsafeMutableRawBufferPointer(rebasing: target[offset..<offset + count])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[done..<done + count]))
        }
    }
  }

  /// Cuts a range into pages: the page, where in it and in the range a part begins, and its length.
  private static func eachPage(
    of range: Range<Int>, _ body: (_ page: Int, _ offset: Int, _ done: Int, _ count: Int) -> Void
  ) {
    var position = range.lowerBound
    while position < range.upperBound {
      let offset = position % pageSize
      let count = min(pageSize - offset, range.upperBound - position)
      body(position / pageSize, offset, position - range.lowerBound, count)
      position += count
    }
  }

  /// What the library calls; the pages must live as long as the file is open.
  var storage: albertkit_hdf5_storage {
    unsafe albertkit_hdf5_storage(
      context: Unmanaged.passUnretained(self).toOpaque(),
      read: { context, address, size, target in
        guard let context = unsafe context else { return }
        unsafe HDF5Pages.at(context).read(
          into: UnsafeMutableRawBufferPointer(start: target, count: size), at: Int(address))
      },
      write: { context, address, size, source in
        guard let context = unsafe context else { return }
        unsafe HDF5Pages.at(context).write(
          UnsafeRawBufferPointer(start: source, count: size), at: Int(address))
      },
      close: { context, end in
        guard let context = unsafe context else { return }
        unsafe HDF5Pages.at(context).byteCount = Int(end)
      })
  }

  private static func at(_ context: UnsafeMutableRawPointer) -> HDF5Pages {
    unsafe Unmanaged<HDF5Pages>.fromOpaque(context).takeUnretainedValue()
  }
}

public import AlbertArchitecture
public import AlbertBytes
package import SystemPackage
package import AlbertTensors

/// A native file whose weights are read in place.
///
/// Opening checks the header alone, in a millisecond whatever the size; `check` verifies every
/// digest. The bytes stay where they are as long as the model lives, and any thread may read them.
///
/// The file must stay as it is meanwhile: what was computed counts only if `checkUnchanged` holds
/// afterwards, which verifications and forward runs ask by themselves. A file that is made shorter ends
/// the process, unless the program called `guardAgainstTruncation` before, as the tool
/// does. A server that does not own its files opens them with `inMemory`.
public final class NativeModel: ParameterStore {
  /// What the header says.
  package let header: NativeHeader
  /// The path, or a word for a model that is in memory alone.
  package let path: String

  private let bytes: MappedBytes
  private let dataStart: Int
  private let places: [String: NativeLayout.Place]

  /// Opens and maps a file, or reads it into memory, where nobody else can change it.
  ///
  /// Throws where the header breaks the profile.
  package convenience init(_ path: FilePath, inMemory: Bool = false) throws(FileError) {
    try self.init(try SourceFile(path), inMemory: inMemory)
  }

  /// Maps an open file, or reads it into memory.
  ///
  /// Throws where the header breaks the profile.
  package convenience init(_ file: SourceFile, inMemory: Bool = false) throws(FileError) {
    try self.init(file, try NativeHeader(reading: file), inMemory: inMemory)
  }

  /// Maps an open file whose header was read, or reads it into memory.
  package convenience init(
    _ file: SourceFile, _ header: NativeHeader, inMemory: Bool = false
  ) throws(FileError) {
    self.init(
      header: header, bytes: inMemory ? try MappedBytes(reading: file) : try MappedBytes(file),
      dataStart: file.size - header.layout.byteCount, path: file.path.string)
  }

  /// A model whose data lies in memory from `dataStart` on, in the header's layout.
  package init(header: NativeHeader, bytes: MappedBytes, dataStart: Int, path: String) {
    precondition(
      bytes.count >= dataStart + header.layout.byteCount, "the memory is smaller than the layout")
    self.header = header
    self.bytes = bytes
    self.dataStart = dataStart
    self.path = path
    places = Dictionary(
      firstOfEach: header.layout.places.map { ($0.tensor.name, $0) })
  }

  /// What the model computes.
  public var config: AlbertConfig { header.config }

  /// Which parts it has.
  public var contents: ModelContents { header.contents }

  /// The element type of a parameter's tensor.
  package func elementType(of parameter: Parameter) -> ElementType {
    place(of: parameter.name).tensor.type
  }

  /// Hands over the parameter's bytes, in place.
  package func withBytes<R>(of parameter: Parameter, _ body: (RawSpan) -> R) -> R {
    withBytes(of: place(of: parameter.name), body)
  }

  /// The parameter's bytes in the mapping, which stays where it is.
  package func stableBytes(of parameter: Parameter) -> UnsafeRawBufferPointer? {
    unsafe bytes.address(of: range(of: place(of: parameter.name)))
  }

  /// Makes sure that what was computed counts.
  ///
  /// - Throws: ``FileError`` `changed` where the file behind a mapped model is no longer as it was when
  ///   it was opened.
  public func checkUnchanged() throws(FileError) {
    try bytes.checkUnchanged()
  }

  /// Hands over one tensor's bytes, in place.
  func withBytes<R, E: Error>(
    of place: NativeLayout.Place, _ body: (RawSpan) throws(E) -> R
  ) throws(E) -> R {
    try bytes.withBytes(range(of: place), body)
  }

  private func range(of place: NativeLayout.Place) -> Range<Int> {
    place.range.lowerBound + dataStart..<place.range.upperBound + dataStart
  }

  private func place(of name: String) -> NativeLayout.Place {
    guard let place = places[name] else {
      preconditionFailure("the model has no parameter '\(name)'")
    }
    return place
  }
}

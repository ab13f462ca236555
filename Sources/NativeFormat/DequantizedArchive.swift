package import AlbertBytes
package import AlbertTensors

/// A native file of 8-bit integers as readers of numbers see it: each quantised parameter is one
/// Float32 tensor under its own name.
///
/// An archive of archives: the container below stays as it is.
package struct DequantizedArchive: TensorArchive {
  private let base: any TensorArchive
  private let quantized: [String: (integers: TensorDescription, scales: TensorDescription)]

  /// The tensors, integers and scales replaced by the numbers that they stand for.
  package let tensors: [TensorDescription]

  /// The numbers of a container; nil where none of its tensors is quantised.
  package init?(_ base: any TensorArchive) {
    let byName = base.tensors.byName
    var quantized: [String: (integers: TensorDescription, scales: TensorDescription)] = [:]
    var tensors: [TensorDescription] = []
    let ending = StoredParameter.names(of: "").integers
    for tensor in base.tensors {
      let name = tensor.name.hasSuffix(ending) ? String(tensor.name.dropLast(ending.count)) : ""
      guard tensor.type == .int8, let scales = byName[StoredParameter.names(of: name).scale],
        scales.type == .float32, scales.shape.count == tensor.shape.dimensions.first
      else {
        tensors.append(tensor)
        continue
      }
      quantized[name] = (tensor, scales)
      tensors.append(TensorDescription(name: name, type: .float32, shape: tensor.shape))
    }
    if quantized.isEmpty { return nil }
    let scales = Set(quantized.values.map(\.scales.name))
    self.base = base
    self.quantized = quantized
    self.tensors = tensors.filter { !scales.contains($0.name) }
  }

  /// Whether a tensor is integers in the file.
  package func isQuantized(_ name: String) -> Bool { quantized[name] != nil }

  /// The container's word.
  package var format: String { base.format }
  /// The container's files.
  package var files: [SourceFile] { base.files }
  /// The container's text about itself.
  package var metadata: ArchiveMetadata { base.metadata }

  /// Tells that numbers are not stored as they are read.
  package var notes: [ArchiveNote] {
    base.notes + [
      ArchiveNote(
        .note, code: "quantized",
        message:
          "\(quantized.count) tensors are 8-bit integers beside their scales, and read as float32")
    ]
  }

  /// Hands over the numbers of one tensor, integer × scale where it is quantised.
  package func read(
    _ name: String, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    guard let (integers, scaleTensor) = quantized[name] else { return try base.read(name, body) }
    let bytes = try base.bytes(of: scaleTensor)
    let scales = unsafe bytes.span.bytes.floats(of: .float32) ?? []
    let width = integers.shape.count / max(1, scales.count)
    var index = 0
    try base.read(integers.name) { (window) throws(FileError) in
      var numbers: [UInt32] = []
      numbers.reserveCapacity(window.byteCount)
      for place in 0..<window.byteCount {
        let row = index / max(1, width)
        guard row < scales.count else { break }
        numbers.append(
          (Float(window.element(place) as Int8) * scales[row]).bitPattern.littleEndian)
        index += 1
      }
      try unsafe body(numbers.span.bytes)
    }
  }

  /// Checks what the container does.
  package func finish() throws(FileError) { try base.finish() }
}

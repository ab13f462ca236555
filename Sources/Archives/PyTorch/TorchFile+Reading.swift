internal import AlbertBytes
internal import AlbertTensors

extension TorchFile {
  /// Hands the content of a tensor to `body`, after or while the checksum of its storage is checked.
  func read(
    _ entry: Entry, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    try FileError.concerning(entry.name) { () throws(FileError) in
      switch entry.tensor {
      case .unreadable(_, let reason):
        throw FileError(
          file.path.string, .unsupported("reading a tensor that is \(reason)"),
          remedy: "load it in PyTorch, make it a plain dense tensor and save it again")
      case .view(let view): try read(view, body)
      case .quantized(let view, let quantization):
        var numbers = try dequantizer(view, quantization)
        var elements = WholePieces(of: view.element.size)
        try read(view) { (window) throws(FileError) in
          try elements.take(window) { (run) throws(FileError) in try numbers.pass(run, body) }
        }
      }
    }
  }

  /// Where a plain tensor's elements lie as they are.
  func place(of entry: Entry) -> TensorPlace? {
    guard case .view(let view) = entry.tensor, view.isContiguous, !isBigEndian,
      view.byteCount > 0, let storage = storages[view.storage]
    else { return nil }
    let start: Int
    switch storage {
    case .range(let range): start = range.lowerBound
    case .member(let member):
      guard zip != nil, member.method == .stored else { return nil }
      start = member.range.lowerBound
    }
    return TensorPlace(
      file, start + view.span.lowerBound..<start + view.span.upperBound,
      isChecked: zip?.hasChecksums ?? false)
  }

  /// Hands over the elements of a view in the machine's own byte order.
  func read(
    _ view: TorchView, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    guard view.byteCount > 0 else { return }
    guard let place = storages[view.storage] else {
      throw FileError(file.path.string, .missing("the tensor's storage"))
    }
    let unit = view.element.isComplex ? view.element.size / 2 : view.element.size
    guard isBigEndian, unit > 1 else { return try read(view, place, body) }
    var numbers = WholePieces(of: unit)
    try read(view, place) { (window) throws(FileError) in
      try numbers.take(window) { (run) throws(FileError) in
        let swapped = run.byteSwapped(unit: unit)
        try unsafe body(swapped.span.bytes)
      }
    }
  }

  /// Checks every member of a zip file that reading has not checked, and that nothing has changed.
  func finish() throws(FileError) {
    if let zip {
      for member in zip.members { try verify(member, zip) }
    }
    // What lies beside the tensors' own file has checksums too.
    if let outer {
      for member in outer.members { try outer.stream(member) { _ in } }
    }
    state.withLock { $0.inflated = nil }
  }

  private func read(
    _ view: TorchView, _ place: Place, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    switch place {
    case .range(let range):
      try read(view, in: range, body)
    case .member(let member):
      guard let zip else { return }
      if view.isContiguous, view.span == 0..<member.size {
        try zip.stream(member, body)
        state.withLock { _ = $0.verified.insert(member.name) }
      } else if member.method == .stored {
        // The part alone has no checksum, so the whole storage is checked, once.
        try verify(member, zip)
        try read(view, in: member.range, body)
      } else {
        try read(view, of: try inflated(member, zip), body)
      }
    }
  }

  private func read(
    _ view: TorchView, in storage: Range<Int>, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    if view.isContiguous {
      let start = storage.lowerBound
      try file.stream(
        start + view.span.lowerBound..<start + view.span.upperBound, what: "the tensor's data", body
      )
    } else {
      try StridedReader(view).read(from: file, at: storage.lowerBound, body)
    }
  }

  private func read(
    _ view: TorchView, of bytes: [UInt8], _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    let span = unsafe bytes.span.bytes.extracting(view.span)
    if view.isContiguous {
      for start in stride(from: 0, to: span.byteCount, by: SourceFile.windowSize) {
        try body(span.extracting(start..<min(start + SourceFile.windowSize, span.byteCount)))
      }
    } else {
      try StridedReader(view).gather(span, from: view.span.lowerBound, body)
    }
  }

  private func verify(_ member: ZipMember, _ zip: ZipFile) throws(FileError) {
    guard zip.hasChecksums, !state.withLock({ $0.verified.contains(member.name) }) else { return }
    try zip.stream(member) { _ in }
    state.withLock { _ = $0.verified.insert(member.name) }
  }

  /// The largest deflated storage that is held in memory for tensors that are parts of it.
  private static let largestInflated = 1 << 31

  /// A whole deflated storage; the last one is kept, since the next tensor is often a part of it too.
  private func inflated(_ member: ZipMember, _ zip: ZipFile) throws(FileError) -> [UInt8] {
    if let kept = state.withLock({ $0.inflated }), kept.name == member.name { return kept.bytes }
    let bytes = try zip.bytes(of: member, most: Self.largestInflated)
    state.withLock {
      $0.verified.insert(member.name)
      $0.inflated = (member.name, bytes)
    }
    return bytes
  }
}

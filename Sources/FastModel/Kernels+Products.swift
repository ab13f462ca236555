internal import AlbertArchitecture
internal import CAlbertKernels

extension Kernels {
  /// The outputs of one panel of a packed matrix.
  var panel: Int { unsafe kernels.pointee.panel }

  /// The floats of a packed matrix.
  func packedCount(outputs: Int, depth: Int) -> Int {
    (outputs + panel - 1) / panel * panel * depth
  }

  /// Packs a matrix [outputs, depth] without gaps, on all cores.
  func pack(
    _ matrix: UnsafeRawPointer, _ element: PackedElement, outputs: Int, depth: Int,
    into panels: UnsafeMutablePointer<Float>
  ) {
    let panel = self.panel
    let rowsPerPart = max(1, Self.elementsPerPart * 8 / (panel * depth)) * panel
    let parts = (outputs + rowsPerPart - 1) / rowsPerPart
    share(parts) { part in
      let first = part * rowsPerPart
      unsafe kernels.pointee.pack(
        panels + first * depth, matrix + first * depth * element.size, element.code, depth,
        min(rowsPerPart, outputs - first), depth)
    }
  }

  /// Packs the rows of one panel, on the calling thread.
  func pack(
    _ matrix: UnsafeRawPointer, _ element: PackedElement, rows: Int, depth: Int,
    into panel: UnsafeMutablePointer<Float>
  ) {
    unsafe kernels.pointee.pack(panel, matrix, element.code, depth, rows, depth)
  }

  /// y = activation(x wᵀ + bias) with a packed w, on all cores.
  ///
  /// Parts are left out where `isCancelled` says so.
  func multiply(
    _ x: UnsafePointer<Float>, stride xStride: Int, _ matrix: PackedMatrix,
    bias: UnsafePointer<Float>?, activation: Activation?,
    into y: UnsafeMutablePointer<Float>, stride yStride: Int, rows: Int,
    unless isCancelled: () -> Bool
  ) {
    guard matrix.isKept else {
      return unsafe multiplyPacking(
        x, stride: xStride, matrix, bias: bias, activation: activation, into: y, stride: yStride,
        rows: rows, unless: isCancelled)
    }
    let (depth, outputs) = (matrix.depth, matrix.outputs)
    let panels = unsafe matrix.address
    let grid = ProductGrid(rows: rows, outputs: outputs, depth: depth, panel: panel)
    share(grid.count) { index in
      if isCancelled() { return }
      let (rows, columns) = grid[index]
      var product = unsafe albertkit_float_product(
        x: x + rows.lowerBound * xStride, x_stride: xStride, panels: panels,
        y: y + rows.lowerBound * yStride, y_stride: yStride, rows: rows.count, depth: depth,
        outputs: outputs, first: columns.lowerBound, end: columns.upperBound, scale: 1, bias: bias,
        activation: activation.map(Self.kind) ?? -1)
      unsafe kernels.pointee.multiply(&product)
    }
  }

  /// The same with a w that is packed meanwhile, a panel at a time, to the last bit.
  private func multiplyPacking(
    _ x: UnsafePointer<Float>, stride xStride: Int, _ matrix: PackedMatrix,
    bias: UnsafePointer<Float>?, activation: Activation?,
    into y: UnsafeMutablePointer<Float>, stride yStride: Int, rows: Int,
    unless isCancelled: () -> Bool
  ) {
    let (depth, outputs) = (matrix.depth, matrix.outputs)
    let panels = (outputs + panel - 1) / panel
    let parts = min(panels, Self.workers * ProductGrid.partsPerCore)
    share(parts) { part in
      let buffer = AlignedFloats(count: panel * depth)
      let memory = UnsafeMutableRawBufferPointer.allocate(
        byteCount: matrix.panelMemory, alignment: 64)
      defer { unsafe memory.deallocate() }
      for index in panels * part / parts..<panels * (part + 1) / parts {
        if isCancelled() { return }
        let first = index * panel
        let count = min(panel, outputs - first)
        unsafe matrix.pack(panelFrom: first, into: buffer.base, memory)
        for start in stride(from: 0, to: rows, by: ProductGrid.maxRows) {
          var product = unsafe albertkit_float_product(
            x: x + start * xStride, x_stride: xStride, panels: buffer.base,
            y: y + start * yStride + first, y_stride: yStride,
            rows: min(ProductGrid.maxRows, rows - start), depth: depth, outputs: count, first: 0,
            end: count, scale: 1, bias: bias.map { unsafe $0 + first },
            activation: activation.map(Self.kind) ?? -1)
          unsafe kernels.pointee.multiply(&product)
        }
      }
    }
  }

  /// The floats that one head's attention over so many tokens works with.
  func attentionMemory(tokens: Int, size: Int) -> Int {
    unsafe kernels.pointee.attention_memory(tokens, size)
  }

  /// One head's attention.
  func attend(_ attention: albertkit_attention) {
    unsafe withUnsafePointer(to: attention) { unsafe kernels.pointee.attend($0) }
  }
}

/// The parts of a product that cores take one after the other: some rows by some panels each.
struct ProductGrid {
  private let rows: Int
  private let outputs: Int
  private let rowParts: Int
  private let columnParts: Int
  private let panel: Int

  /// The rows that stay in a core's second cache beside a panel, at the depth of one block.
  static let maxRows = 144
  /// Parts for each core, so that one which is late leaves the others something to do.
  static let partsPerCore = 4
  /// Multiplications that are worth a part of their own: about 20 microseconds.
  private static let leastPart = 1 << 20

  init(rows: Int, outputs: Int, depth: Int, panel: Int) {
    self.rows = rows
    self.outputs = outputs
    self.panel = panel
    let panels = (outputs + panel - 1) / panel
    rowParts = (rows + Self.maxRows - 1) / Self.maxRows
    let worthwhile = max(1, rows * outputs * depth / Self.leastPart)
    let wanted = min(worthwhile, Kernels.workers * Self.partsPerCore)
    // All parts of a row of the grid read the same rows of x, and those of a column the same panels.
    columnParts = min(panels, max(1, (wanted + rowParts - 1) / rowParts))
  }

  var count: Int { rowParts * columnParts }

  /// The rows and columns of a part.
  subscript(index: Int) -> (rows: Range<Int>, columns: Range<Int>) {
    let (column, row) = index.quotientAndRemainder(dividingBy: rowParts)
    let panels = (outputs + panel - 1) / panel
    let first = panels * column / columnParts * panel
    let end = min(outputs, panels * (column + 1) / columnParts * panel)
    return (rows * row / rowParts..<rows * (row + 1) / rowParts, first..<end)
  }
}

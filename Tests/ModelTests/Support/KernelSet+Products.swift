import CAlbertKernels

extension KernelSet {
  /// The outputs of a panel.
  var panel: Int { unsafe kernels.pointee.panel }

  /// A matrix [outputs, depth] of some type in panels.
  func pack<T>(_ w: [T], _ element: albertkit_element, depth: Int) -> [Float] {
    let outputs = w.count / depth
    // What is not written stays visible.
    var panels = [Float](repeating: .nan, count: (outputs + panel - 1) / panel * panel * depth)
    unsafe w.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      unsafe kernels.pointee.pack(
        &panels, base, Int32(element.rawValue), depth, outputs, depth)
    }
    return panels
  }

  /// Some columns of y = activation(scale · x wᵀ + bias), into y with gaps between its rows.
  func multiply(
    _ x: [Float], _ panels: [Float], depth: Int, outputs: Int, columns: Range<Int>? = nil,
    scale: Float = 1, bias: [Float]? = nil, activation: Int32 = -1, into y: inout [Float]
  ) {
    let rows = x.count / depth
    unsafe y.withUnsafeMutableBufferPointer { y in
      unsafe x.withUnsafeBufferPointer { x in
        unsafe panels.withUnsafeBufferPointer { panels in
          unsafe withPointer(bias) { bias in
            guard let x = x.baseAddress, let panels = panels.baseAddress, let base = y.baseAddress
            else { return }
            var product = unsafe albertkit_float_product(
              x: x, x_stride: depth, panels: panels, y: base, y_stride: y.count / rows, rows: rows,
              depth: depth, outputs: outputs, first: columns?.lowerBound ?? 0,
              end: columns?.upperBound ?? outputs, scale: scale, bias: bias,
              activation: activation)
            unsafe kernels.pointee.multiply(&product)
          }
        }
      }
    }
  }

  /// One head's context and probabilities, from query, key and value side by side.
  func attend(
    _ qkv: [Float], mask: [Float], size: Int, scale: Float
  ) -> (context: [Float], probabilities: [Float]) {
    let tokens = mask.count
    var context = [Float](repeating: .nan, count: tokens * size)
    var probabilities = [Float](repeating: .nan, count: tokens * tokens)
    var memory = [Float](
      repeating: .nan, count: unsafe kernels.pointee.attention_memory(tokens, size))
    unsafe context.withUnsafeMutableBufferPointer { context in
      unsafe probabilities.withUnsafeMutableBufferPointer { probabilities in
        unsafe memory.withUnsafeMutableBufferPointer { memory in
          unsafe qkv.withUnsafeBufferPointer { qkv in
            unsafe mask.withUnsafeBufferPointer { mask in
              guard let query = qkv.baseAddress, let mask = mask.baseAddress,
                let out = context.baseAddress, let memory = memory.baseAddress
              else { return }
              var attention = unsafe albertkit_attention(
                query: query, key: query + size, value: query + 2 * size, stride: 3 * size,
                mask: mask, context: out, context_stride: size, tokens: tokens, size: size,
                scale: scale, probabilities: probabilities.baseAddress, memory: memory)
              unsafe kernels.pointee.attend(&attention)
            }
          }
        }
      }
    }
    return (context, probabilities)
  }

  private func withPointer(_ values: [Float]?, _ body: (UnsafePointer<Float>?) -> Void) {
    guard let values else { return body(nil) }
    unsafe values.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
  }
}

internal import AlbertTensors
internal import Synchronization

extension ParameterStore {
  /// How large the outputs of a head are where the terms of its sums do not happen to cancel; 0 for stages
  /// that are no head's, or of so many channels that these can be measured.
  ///
  /// It is the length of the head's longest row times the root mean square of what it is multiplied with. A
  /// LayerNorm's result is as large as its weight and bias; the pooler's tanh is at most 1.
  package func headSize(of stage: Stage) -> Double {
    let head: Parameter
    let isPooled: Bool
    switch stage {
    case .startLogits, .endLogits: (head, isPooled) = (Parameter(.qaOutputsWeight), false)
    case .logits:
      (head, isPooled) = (Parameter(.classifierWeight), contents.taskHead?.usesPooler ?? false)
    case .sopLogits: (head, isPooled) = (Parameter(.sopWeight), true)
    default: return 0
    }
    guard Stage.all(config, contents, attentions: false).contains(stage),
      let group = config.layerMap.groups.last
    else { return 0 }
    let inner = config.innerGroupNum - 1
    let norm = [ParameterRole.fullLayerNormWeight, .fullLayerNormBias].map {
      longestRow(of: Parameter($0, group: group, inner: inner), width: config.hiddenSize)
    }
    let hidden =
      ((norm[0] * norm[0] + norm[1] * norm[1]) / Double(config.hiddenSize)).squareRoot()
    let pooled = isPooled ? min(1, longestRow(of: Parameter(.poolerWeight)) * hidden) : hidden
    return longestRow(of: head) * pooled
  }

  /// The largest Euclidean length of a matrix's rows; of a vector, its own.
  private func longestRow(of parameter: Parameter, width: Int? = nil) -> Double {
    let width = width ?? parameter.role.shape(in: config).dimensions.last ?? 1
    return rowLengths(of: parameter, width: width).max() ?? 0
  }

  /// The Euclidean length of each row of so many elements.
  ///
  /// A row at a time is widened: a large pooler in Float64 is more than a verification holds otherwise.
  package func rowLengths(of parameter: Parameter, width: Int) -> [Double] {
    let type = elementType(of: parameter)
    return withBytes(of: parameter) { bytes in
      stride(from: 0, to: bytes.byteCount, by: width * type.size).map { first in
        let row = bytes.extracting(first..<min(first + width * type.size, bytes.byteCount))
        return (row.doubles(of: type) ?? []).reduce(0) { $0 + $1 * $1 }.squareRoot()
      }
    }
  }
}

/// The sizes of a model's heads (`headSize`), each measured when it is first asked for: whole matrices are
/// read for one, and every engine and every probe asks.
package final class HeadSizes: Sendable {
  private let model: any ParameterStore
  private let known = Mutex<[Stage: Double]>([:])

  /// The sizes of `model`'s heads.
  package init(_ model: any ParameterStore) { self.model = model }

  /// The size of the outputs of `stage`.
  package subscript(stage: Stage) -> Double {
    known.withLock { known in
      if let size = known[stage] { return size }
      let size = model.headSize(of: stage)
      known[stage] = size
      return size
    }
  }
}

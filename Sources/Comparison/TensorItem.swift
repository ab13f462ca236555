internal import AlbertArchitecture
internal import AlbertReading
package import AlbertTensors

/// A tensor as it enters a comparison: by what it is where that is known, else by its name.
package final class TensorItem: Sendable {
  /// What a tensor is part of.
  package enum Part: String, CaseIterable, Sendable {
    /// A parameter of the model.
    case model
    /// State of a training run.
    case training
    /// Anything else: a larger model around this one, or what no name table explains.
    case other
  }

  /// What is compared with what.
  enum Key: Hashable {
    case parameter(Parameter)
    case stored(Part, String)
  }

  /// The name that reports show: the parameter's, or that in the file.
  package let name: String
  /// What it is part of.
  package let part: Part
  /// The tensor as the file describes it.
  package let stored: TensorDescription
  /// The shape that counts: that of the canonical layout, where the file has another.
  package let shape: Shape
  let layout: Layout
  let key: Key

  init(_ tensor: TensorDescription, _ part: Part) {
    name = tensor.name
    self.part = part
    stored = tensor
    shape = tensor.shape
    layout = .canonical
    key = .stored(part, tensor.name)
  }

  init(_ parameter: Parameter, _ tensor: TensorDescription, _ layout: Layout) {
    name = parameter.name
    part = .model
    stored = tensor
    // What does not fit its layout is compared as it lies there.
    let canonical = layout.canonicalShape(of: tensor.shape)
    shape = canonical ?? tensor.shape
    self.layout = canonical == nil ? .canonical : layout
    key = .parameter(parameter)
  }
}

extension Checkpoint {
  /// The tensors that count, by what they are compared by: parameters where `asModel`, else the names
  /// in the files.
  ///
  /// Buffers that code computes and tensors that repeat a parameter say nothing of their own.
  func items(asModel: Bool) -> [TensorItem] {
    guard let archive else { return [] }
    guard asModel, let inspection else {
      return archive.tensors.map { TensorItem($0, .model) }
    }
    let hasNoProjection = inspection.config?.embeddingProjectionIsIdentity ?? false
    return inspection.assignments.compactMap { assignment in
      let tensor = assignment.tensor
      switch assignment.purpose {
      case .parameter(let parameter, let layout):
        // The identity stands for a projection that is not there.
        let isNone = hasNoProjection && parameter.role.component == .projection
        return isNone ? nil : TensorItem(parameter, tensor, layout)
      case .copy(let parameter, let layout, _):
        // A decoder of its own counts although the model, as it was read, does without.
        let isDecoder = inspection.decoder?.tensor == tensor && inspection.decoder?.differs == true
        return isDecoder ? TensorItem(parameter, tensor, layout) : nil
      case .buffer: return nil
      case .training: return TensorItem(tensor, .training)
      case .surrounding, .unexpected: return TensorItem(tensor, .other)
      }
    }
  }
}

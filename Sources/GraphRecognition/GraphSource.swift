internal import AlbertTensors

/// The tensor of a file that a parameter is, and how it is laid out.
struct GraphSource: Hashable {
  let tensor: String
  let layout: Layout

  init(_ weight: GraphWeight) {
    tensor = weight.tensor
    layout = weight.layout
  }

  init(_ tensor: String, _ layout: Layout = .canonical) {
    self.tensor = tensor
    self.layout = layout
  }
}

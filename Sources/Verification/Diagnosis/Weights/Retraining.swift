internal import Albert
internal import Tensors

/// Tells weights that were trained further, or anew, from such as were damaged.
///
/// Training leaves no matrix as it was. Where any considerable part is unchanged, or the numbers lie
/// on a grid, something else happened, and what that is stays open.
struct Retraining {
  let pair: ModelPair
  /// Parameters that no relation explains.
  let unexplained: [Parameter]

  /// The share of the matrices that training must have changed.
  private static let leastShare = 0.8
  /// Differences below this, relative to the weights, are a matter of arithmetic.
  private static let leastDifference = 1e-4

  /// The explanation; nil where training is none.
  var diagnosis: Diagnosis? {
    let compared = pair.weights.filter { isMatrix($0.parameter) && $0.problem == nil }
    let open = Set(unexplained)
    let trained = compared.filter {
      open.contains($0.parameter) && $0.nonFinite == 0 && $0.relL2 > Self.leastDifference
    }
    guard trained.count >= 3,
      Double(trained.count) >= Self.leastShare * Double(compared.count),
      trained.contains(where: { $0.parameter.role.isPerBlock }),
      trained.allSatisfy({ !isOnGrid($0.parameter) })
    else { return nil }
    let similarities = trained.map { self.similarity($0.parameter) }.sorted()
    let similarity = similarities[similarities.count / 2]
    let cosine = (similarity * 100).rounded() / 100
    let count = "\(trained.count) of \(compared.count) matrices differ everywhere"
    let message =
      similarity > 0.5
      ? "\(count) and are alike (cosine \(cosine)): one of the two was trained further"
      : "\(count) and are unlike (cosine \(cosine)): the two were trained apart"
    let differing = pair.differing
    return Diagnosis(
      .retrained, message: message,
      explains: Double(unexplained.count) / Double(max(1, differing.count)))
  }

  private func isMatrix(_ parameter: Parameter) -> Bool {
    parameter.role.shape(in: pair.reference.config).rank == 2
  }

  /// The numbers that are looked at: enough to be sure.
  private func samples(_ parameter: Parameter) -> [(mine: Double, theirs: Double)] {
    let types = (
      pair.subject.elementType(of: parameter), pair.reference.elementType(of: parameter)
    )
    let count = pair.shapes(of: parameter).subject.count
    return pair.withBytes(of: parameter) { mine, theirs in
      SpreadIndices(count: count).prefix(1024).map {
        (
          mine.double(at: $0, of: types.0) ?? .nan, theirs.double(at: $0, of: types.1) ?? .nan
        )
      }
    }
  }

  /// The cosine of the angle between the two sides' samples.
  private func similarity(_ parameter: Parameter) -> Double {
    var (product, mine, theirs) = (0.0, 0.0, 0.0)
    for sample in samples(parameter) {
      product += sample.mine * sample.theirs
      mine += sample.mine * sample.mine
      theirs += sample.theirs * sample.theirs
    }
    let norms = (mine * theirs).squareRoot()
    return norms > 0 ? product / norms : 0
  }

  /// Whether the numbers of either side are so few different ones that they were quantised.
  private func isOnGrid(_ parameter: Parameter) -> Bool {
    let samples = samples(parameter)
    let distinct = [samples.map(\.mine), samples.map(\.theirs)].map { Set($0).count }
    return distinct.contains { $0 * 2 < samples.count }
  }
}

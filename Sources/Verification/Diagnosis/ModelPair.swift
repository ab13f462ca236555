internal import Albert
internal import Tensors

/// A model under suspicion, the one that it should be, and how their parameters compare.
struct ModelPair {
  let subject: any ParameterStore
  let reference: any ParameterStore
  /// Every parameter that both sides hold, in order of use.
  let weights: [WeightComparison]
  /// The parameters whose numbers or shapes differ, in order of use.
  let differing: [Parameter]
  private let places: Set<Parameter>

  /// Two models and the comparison of the weights that both hold.
  init(
    subject: any ParameterStore, reference: any ParameterStore, weights: [WeightComparison]
  ) {
    let differing = weights.filter { $0.outcome == .fail }.map(\.parameter)
    self.init(subject, reference, weights, differing, Set(differing))
  }

  private init(
    _ subject: any ParameterStore, _ reference: any ParameterStore, _ weights: [WeightComparison],
    _ differing: [Parameter], _ places: Set<Parameter>
  ) {
    self.subject = subject
    self.reference = reference
    self.weights = weights
    self.differing = differing
    self.places = places
  }

  /// The same two with the suspicion turned round.
  var reversed: ModelPair { ModelPair(reference, subject, weights, differing, places) }

  /// Whether both sides hold a parameter, and differ in it.
  func isDiffering(_ parameter: Parameter) -> Bool { places.contains(parameter) }

  /// The numbers of heads that either side has.
  var headCounts: [Int] {
    let counts = [reference.config.numAttentionHeads, subject.config.numAttentionHeads]
    return counts[0] == counts[1] ? [counts[0]] : counts
  }

  /// A parameter's shape on either side.
  func shapes(of parameter: Parameter) -> (subject: Shape, reference: Shape) {
    (
      parameter.role.shape(in: subject.config), parameter.role.shape(in: reference.config)
    )
  }

  /// Hands over a parameter's numbers on both sides.
  func withBytes<R>(of parameter: Parameter, _ body: (RawSpan, RawSpan) -> R) -> R {
    subject.withBytes(of: parameter) { mine in
      reference.withBytes(of: parameter) { theirs in body(mine, theirs) }
    }
  }

  /// When an element of a subject's parameter counts as that of one of the reference's.
  func closeness(_ mine: Parameter, _ theirs: Parameter) -> Closeness {
    Closeness(subject.elementType(of: mine), reference.elementType(of: theirs))
  }
}

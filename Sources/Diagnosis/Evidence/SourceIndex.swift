internal import AlbertArchitecture
internal import AlbertTensors

/// The reference's parameters by what a parameter may be taken for.
struct SourceIndex {
  private let byRole: [ParameterRole: [Parameter]]
  private let byShape: [Shape: [Parameter]]
  /// What parameters of a shape are for.
  private let roles: [Shape: [ParameterRole]]
  /// Parameters by their first numbers, so that not each is compared with each.
  private let byNumbers: [Key: Parameter]
  /// How many parameters another one is taken for, at most: alone, with one defect more, with two.
  let most: (alone: Int, withOne: Int, withTwo: Int)

  private struct Key: Hashable {
    let shape: Shape
    let numbers: [Double]

    init(_ store: any ParameterStore, _ parameter: Parameter, _ shape: Shape) {
      self.shape = shape
      numbers = store.withNumbers(of: parameter) {
        (0..<min(Policy.fingerprint, shape.count)).map($0)
      }
    }
  }

  init(_ reference: any ParameterStore, differing: Int) {
    let specs = ParameterSpec.all(reference.config, reference.contents)
    byRole = Dictionary(grouping: specs, by: \.parameter.role).mapValues { $0.map(\.parameter) }
    byShape = Dictionary(grouping: specs, by: \.shape).mapValues { $0.map(\.parameter) }
    roles = byShape.mapValues { parameters in
      let roles = Set(parameters.map(\.role))
      return ParameterRole.allCases.filter(roles.contains)
    }
    byNumbers = Dictionary(
      firstOfEach: specs.map { (Key(reference, $0.parameter, $0.shape), $0.parameter) })
    let share = Policy.comparisons / max(1, differing)
    func limit(_ range: ClosedRange<Int>) -> Int {
      min(range.upperBound, max(range.lowerBound, share))
    }
    most = (limit(Policy.sources), limit(Policy.sourcesWithOne), limit(Policy.sourcesWithTwo))
  }

  /// Other parameters of the same shape: the one that begins alike, those of the same block, then
  /// those of the same role.
  func sources(of parameter: DifferingParameter, in subject: any ParameterStore)
    -> ArraySlice<Parameter>
  {
    let own = parameter.parameter
    let alike = [byNumbers[Key(subject, own, parameter.shape)]].compactMap(\.self)
    let ofBlock = (roles[parameter.referenceShape] ?? []).map {
      Parameter($0, group: own.group, inner: own.inner)
    }
    let ofRole = (byRole[own.role] ?? []).prefix(most.alone)
    let all = (byShape[parameter.referenceShape] ?? []).prefix(most.alone)
    var given: Set<Parameter> = [own]
    return (alike + ofBlock + ofRole + all).filter { given.insert($0).inserted }
      .prefix(most.alone)
  }
}

internal import AlbertArchitecture

/// A matrix as [in, out] where [out, in] is meant.
enum Transposed: DefectKind {
  /// A matrix is transposed, which no shape shows where it is square.
  static let code = Diagnosis.Code(rawValue: "transposed")

  static func candidates(in scope: Scope) -> [Defect] {
    let matrices = scope.sites.filter { site in
      let d = shape(site[0], scope)
      return d.count == 2 && d[0] > 1 && d[1] > 1
        && (scope.step == nil || site[0].role.isLinearWeight)
    }
    let alone = matrices.flatMap { site -> [Defect] in
      let d = shape(site[0], scope)
      if d[0] == d[1] {
        return [
          scope.defect(code, site, "is transposed", isSymmetric: true) {
            .reorder($0, .transposed(rows: d[0], columns: d[0]))
          }
        ]
      }
      return [(d[0], d[1]), (d[1], d[0])].map { rows, columns in
        scope.defect(
          code, site, "holds the numbers of its transposed matrix under its own shape",
          isSymmetric: true
        ) { .reorder($0, .transposed(rows: rows, columns: columns)) }
      }
    }
    return alone + together(scope)
  }

  /// The square matrices that one exporter's slip turns together.
  private static func together(_ scope: Scope) -> [Defect] {
    let width = scope.config.hiddenSize
    let sets: [[ParameterRole]] = [
      [.queryWeight, .keyWeight], [.queryWeight, .keyWeight, .valueWeight],
      ParameterRole.allCases.filter {
        $0.isPerBlock && $0.isLinearWeight
          && $0.shape(in: scope.config).dimensions == [width, width]
      },
    ]
    return sets.flatMap { roles in
      scope.sites(roles).map { sites in
        let all = sites.flatMap(\.self)
        let statement = Statement(
          names: sites.map(scope.words), predicate: "is transposed",
          owner: scope.owner(isSymmetric: true))
        return Defect(
          code, all, statement,
          all.map { .reorder($0, .transposed(rows: width, columns: width)) })
      }
    }
  }

  private static func shape(_ parameter: Parameter, _ scope: Scope) -> [Int] {
    (scope.parameter?.shape ?? parameter.role.shape(in: scope.config)).dimensions
  }
}

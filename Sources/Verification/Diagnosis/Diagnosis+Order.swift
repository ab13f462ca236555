extension [Diagnosis] {
  /// What several diagnosers found, most specific code first, each once.
  ///
  /// Within a code the order of the lists stays; of two explanations of one code that name the same
  /// parameters, or of which the later names none, the first counts. So what was read off the weights
  /// goes before what outputs let conclude.
  static func merging(_ lists: [Diagnosis]...) -> [Diagnosis] {
    var merged: [Diagnosis] = []
    for diagnosis in lists.joined() {
      let isKnown = merged.contains {
        $0.code == diagnosis.code
          && (diagnosis.parameter == nil
            || ($0.parameter == diagnosis.parameter
              && $0.otherParameter == diagnosis.otherParameter))
      }
      if !isKnown { merged.append(diagnosis) }
    }
    return merged.inOrder
  }

  /// Sorted by code, most specific first; within a code as they are.
  var inOrder: [Diagnosis] {
    Diagnosis.Code.allCases.flatMap { code in filter { $0.code == code } }
  }
}

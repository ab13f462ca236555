extension [Diagnosis] {
  /// What several diagnosers found, most specific code first; the first list goes before the others.
  ///
  /// A later diagnoser's explanation is left out where an earlier one has the code with the same
  /// parameters, or where it names no parameter itself. So what was read off the weights counts more
  /// than what outputs let conclude. Within a code the order of the lists stays.
  static func merging(_ lists: [Diagnosis]...) -> [Diagnosis] {
    var merged: [Diagnosis] = []
    for list in lists {
      let earlier = merged
      merged += list.filter { diagnosis in
        !earlier.contains {
          $0.code == diagnosis.code
            && (diagnosis.parameter == nil
              || ($0.parameter == diagnosis.parameter
                && $0.otherParameter == diagnosis.otherParameter))
        }
      }
    }
    return merged.inOrder
  }

  /// Sorted by code, most specific first; within a code as they are.
  var inOrder: [Diagnosis] {
    Diagnosis.Code.allCases.flatMap { code in filter { $0.code == code } }
  }
}

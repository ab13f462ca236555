internal import Albert

/// A hypothesis on a parameter of the subject: its numbers are those of a parameter of the
/// reference, rearranged, and each one changed.
struct Relation {
  /// The reference's parameter whose numbers they are.
  var source: Parameter
  /// Where each came from, and what that is called.
  var rearrangement: Rearrangement?
  /// What became of each number.
  var change = ValueChange.none

  var arrangement: Arrangement { rearrangement?.arrangement ?? .same }

  /// The value that is expected at `index`, where `element` reads the source; nil for none.
  func value(at index: Int, _ element: (Int) -> Double) -> Double? {
    arrangement.source(of: index).map { change.apply(element($0)) }
  }
}

/// An order in which a parameter's numbers may be by mistake.
struct Rearrangement: Equatable {
  let code: Diagnosis.Code
  let arrangement: Arrangement
  /// What messages say of a parameter that it happened to.
  let words: String
}

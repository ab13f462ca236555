package import AlbertGraphs
internal import AlbertTensors

/// What an evaluation may take: elements held at one time, and operations.
///
/// Both follow from what the file holds and what it is given, so that every real model passes and a
/// small file cannot ask for the machine.
package final class EvaluationBudget {
  let maxElements: Int
  let maxOperations: Int
  private(set) var elements = 0
  private(set) var operations = 0

  /// A model of a few kilobytes may hold 32 million elements and take a few seconds.
  private static let leastElements = 1 << 25
  private static let leastOperations = 1 << 33
  /// Values per element of the input, as a decoder's logits are.
  private static let widest = 1 << 17
  /// Times that each weight may be used for one element of the input: layers, and attention beside them.
  private static let maxUses = 1 << 9

  /// The budget for a graph over inputs of so many elements, `factor` times the usual one.
  package init(_ graph: Graph, inputElements: Int, factor: Double = 1) {
    let stored = graph.initializers.values.reduce(0.0) { $0 + Double($1.shape.count) }
    let widest = graph.initializers.values.flatMap(\.shape.dimensions).max() ?? 1
    let inputs = Double(inputElements)
    let elements =
      Double(Self.leastElements) + 4 * stored
      + 4 * inputs * Double(min(max(widest, 1 << 10), Self.widest))
    let operations =
      Double(Self.leastOperations) + inputs * (stored + Double(1 << 16)) * Double(Self.maxUses)
    maxElements = Int(min(0x1p60, elements * factor))
    maxOperations = Int(min(0x1p62, operations * factor))
  }

  /// Throws where a value of so many elements would be too much beside those that are held.
  func check(elements count: Int) throws(OperatorError) {
    guard count <= maxElements - elements else {
      throw .budget(
        of: "the number of elements that are held at one time",
        value: elements.addingReportingOverflow(count).partialValue, most: maxElements)
    }
  }

  /// Counts a value that is held.
  func hold(_ value: GraphValue) throws(OperatorError) {
    try check(elements: value.count)
    elements += value.count
  }

  /// Counts a value that is held no more.
  func release(_ value: GraphValue) { elements -= value.count }

  /// Counts operations.
  func spend(operations count: Int) throws(OperatorError) {
    guard count <= maxOperations - operations else {
      throw .budget(
        of: "the number of operations",
        value: operations.addingReportingOverflow(count).partialValue,
        most: maxOperations)
    }
    operations += count
  }
}

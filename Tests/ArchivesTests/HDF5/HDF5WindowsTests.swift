import Testing

@testable import AlbertArchives

/// The order in which a dataset's elements are sent.
@Suite struct HDF5WindowsTests {
  /// The indices of all elements, window by window.
  private func elements(_ extents: [Int], most: Int) -> (order: [Int], largest: Int) {
    var windows = HDF5Windows(extents, elementSize: 4, most: most)
    var order: [Int] = []
    var largest = 0
    while let window = windows.next() {
      var indices = [0]
      for axis in extents.indices {
        indices = indices.flatMap { base in
          (0..<window.extents[axis]).map { base * extents[axis] + window.start[axis] + $0 }
        }
      }
      largest = max(largest, indices.count * 4)
      order += indices
    }
    return (order, largest)
  }

  @Test(arguments: [[1], [7], [3, 5], [2, 3, 4], [5, 1, 3, 2], [4, 4, 4]])
  func everyElementComesOnceAndInOrder(_ extents: [Int]) {
    for most in [1, 4, 12, 16, 40, 64, 100, 1000] {
      let (order, largest) = elements(extents, most: most)
      #expect(order == Array(0..<extents.reduce(1, *)), "\(extents) by \(most)")
      #expect(largest <= max(4, most))
    }
  }

  @Test func nothingComesOfNothing() {
    #expect(elements([0, 4], most: 16).order.isEmpty)
    #expect(elements([3, 0], most: 16).order.isEmpty)
  }
}

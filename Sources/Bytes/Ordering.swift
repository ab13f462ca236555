// The standard library's sorting is compiled anew, to some 4 KB, for each type and each comparison. Here it is
// compiled once, for the places of what is sorted.

extension Range<Int> {
  /// Its numbers in another order; of equal ones the smaller first.
  @inline(never)
  package func ordered(by areInOrder: (Int, Int) -> Bool) -> [Int] { sorted(by: areInOrder) }
}

extension Sequence {
  /// The elements in an order, equal ones as they come.
  package func ordered(by areInOrder: (Element, Element) -> Bool) -> [Element] {
    let all = Array(self)
    return all.indices.ordered { areInOrder(all[$0], all[$1]) }.map { all[$0] }
  }

  /// The elements by something that each has, the least first, equal ones as they come.
  package func ordered<Key: Comparable>(by key: (Element) -> Key) -> [Element] {
    let all = Array(self)
    let keys = all.map(key)
    return all.indices.ordered { keys[$0] < keys[$1] }.map { all[$0] }
  }
}

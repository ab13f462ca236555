import AlbertArchitecture
import AlbertTensors
import Testing

@testable import AlbertDiagnosis

/// What numbers show by themselves.
@Suite("Proposals")
struct ProposalTests {
  private func rows(_ order: [Int], width: Int = 3) -> [Double] {
    order.flatMap { row in (0..<width).map { Double(row * 31 + $0 * 7) } }
  }

  private func rowOrder(_ order: [Int], among count: Int) -> RowOrder? {
    let (mine, theirs) = (rows(order), rows(Array(0..<count)))
    return RowOrder(count: order.count, among: count, width: 3, { mine[$0] }, { theirs[$0] })
  }

  @Test("Rows that are shifted, in another order, cut or padded")
  func rowOrders() throws {
    let shifted = try #require(rowOrder((0..<40).map { min($0 + 2, 39) }, among: 40)?.explanation)
    #expect(shifted.words == "is shifted by 2 rows: row 0 holds what row 2 should")
    #expect(shifted.order[0] == 2)
    let turned = try #require(rowOrder((0..<40).map { ($0 + 39) % 40 }, among: 40)?.explanation)
    #expect(turned.words == "is shifted by 1 row: row 1 holds what row 0 should")
    let mixed = try #require(rowOrder((0..<40).map { $0 * 7 % 40 }, among: 40)?.explanation)
    #expect(mixed.words.hasPrefix("has its rows in another order: "))
    #expect(mixed.order == (0..<40).map { $0 * 7 % 40 })
    let cut = try #require(rowOrder(Array(0..<30), among: 40))
    #expect(cut.resized?.words == "is cut to 30 rows of 40" && cut.resized?.share == 1)
    #expect(rowOrder(Array(0..<40), among: 40)?.explanation == nil)
    // None of the rows is known.
    #expect(rowOrder(Array(100..<140), among: 40) == nil)
  }

  @Test("Rows within what is allowed")
  func closeRows() {
    let own = (0..<20).map { row -> [Double] in [Double(row), Double(row * row)] }
    let noisy = (0..<20).map { row -> [Double] in own[(row + 5) % 20].map { $0 + 1e-7 } }
    let found = RowOrder(noisy, among: own, 1e-6)
    #expect(found.sources == (0..<20).map { ($0 + 5) % 20 })
    #expect(RowOrder(noisy, among: own, 1e-8).sources.allSatisfy { $0 == nil })
  }

  @Test("Heads that are alike")
  func headOrders() {
    let order = [2, 0, 1, 3]
    #expect(HeadOrder.matching(4) { order[$0] == $1 } == order)
    #expect(HeadOrder.matching(4) { $0 == $1 } == nil)
    #expect(HeadOrder.matching(4) { $1 == 0 && $0 < 4 } == nil)
    // Heads that are all alike are in their places.
    #expect(HeadOrder.matching(4) { _, _ in true } == nil)
  }

  @Test("Where the features of heads lie")
  func headLayouts() throws {
    let rows = try #require(HeadLayout(Parameter(.keyWeight), Shape([6, 6]), heads: 3))
    let columns = try #require(
      HeadLayout(Parameter(.attentionOutputWeight), Shape([6, 6]), heads: 3))
    #expect(rows.size == 2 && rows.index(1, 0, 4) == 16 && columns.index(1, 0, 4) == 26)
    #expect(rows.order([1, 0]) == .rows([1, 0], width: 6))
    #expect(columns.order([1, 0]) == .columns([1, 0]))
    #expect(HeadLayout(Parameter(.ffnWeight), Shape([6, 6]), heads: 3) == nil)
    #expect(HeadLayout(Parameter(.keyWeight), Shape([6, 6]), heads: 4) == nil)
  }

  @Test("A factor between numbers")
  func factors() throws {
    let numbers = (1...9).map { (value: 1.5 * Double($0), expected: Double($0)) }
    #expect(
      ScaleProposal.factor(numbers + [(value: 7, expected: 0), (value: 100, expected: 1)]) == 1.5)
    #expect(ScaleProposal.factor([(value: 1, expected: 2)]) == nil)
    // tanh of 0.6 times some numbers.
    let inputs = stride(from: -2.0, to: 2, by: 0.25)
    func outputs(_ factor: Double) -> [Double] {
      inputs.map { $0 * factor / (1 + abs($0 * factor)) }
    }
    let wanted = outputs(0.6)
    let fit = try #require(
      ScaleProposal(from: 1, step: 1e-4, rounds: 8) { factor in
        zip(wanted, outputs(factor)).map { $0 - $1 }
      })
    #expect(abs(fit.factor - 0.6) < 1e-6 && fit.error < 1e-6)
    #expect(ScaleProposal(from: 1, step: 0.1, rounds: 3) { _ in [1, 2] } == nil)
    #expect(ScaleProposal(from: 1, step: 0.1, rounds: 3) { _ in nil } == nil)
  }

  @Test("Logits of another decoder")
  func decoders() {
    let words = Array(0..<12)
    let columns = [words.map { Double($0) }, words.map { Double($0 * $0 % 7) }]
    func logits(_ a: Double, _ b: Double) -> [Double] {
      words.map { a * columns[0][$0] + b * columns[1][$0] + Double($0 % 3) }
    }
    let states = (0..<12).map { [Double($0), Double($0 * 5 % 11)] }
    let own = states.map { logits($0[0], $0[1]) }
    let inside = DecoderProposal(columns: columns, logits: own)
    #expect(inside.share < 1e-9 && inside.count == 144)
    #expect(DecoderProposal.isLinear(own, in: states) == true)
    let other = own.enumerated().map { row, logits in
      logits.enumerated().map { $1 + Double(row * ($0 * 5 % 13)) }
    }
    #expect(DecoderProposal(columns: columns, logits: other).share > 0.05)
    #expect(DecoderProposal.isLinear(other.map { $0.map { $0 * $0 } }, in: states) == false)
    #expect(DecoderProposal.isLinear(Array(own.prefix(3)), in: Array(states.prefix(3))) == nil)
  }

  @Test("A row that all rows are")
  func commonRows() {
    #expect(Zeroed.commonRow([[1, 2], [1, 2]], allowed: 1e-9) == [1, 2])
    #expect(Zeroed.commonRow([[1, 2], [1, 3]], allowed: 1e-9) == nil)
    #expect(Zeroed.commonRow([[1, 2]], allowed: 1e-9) == nil)
  }

  @Test("An order and its inverse")
  func orders() {
    let bytes = (0..<24).map(UInt8.init)
    let orders: [NumberOrder] = [
      .transposed(rows: 3, columns: 4), .rows([2, 0, 1], width: 4), .columns([3, 1, 0, 2]),
    ]
    for order in orders {
      let moved = order.apply(bytes, elementSize: 2)
      #expect(moved != bytes)
      #expect(order.inverse?.apply(moved, elementSize: 2) == bytes)
      for index in 0..<12 {
        let from = order.source(of: index) ?? -1
        #expect(moved[2 * index] == bytes[2 * from])
      }
    }
    #expect(NumberOrder.rows([0, 0, nil], width: 4).inverse == nil)
    #expect(
      NumberOrder.rows([nil, 0], width: 1).apply([7, 8], elementSize: 1) == [0, 7])
  }
}

import AlbertArchitecture
import Testing

@testable import AlbertDiagnosis

@Suite struct SearchBudgetTests {
  @Test func whatExceedsItIsRefusedAndTold() {
    let budget = SearchBudget(100)
    #expect(budget.spend(60, .fast))
    #expect(!budget.isSpent)
    // Float64 costs eight times as much.
    #expect(!budget.spend(6, .reference))
    #expect(budget.isSpent)
    #expect(budget.left == 40)
    #expect(budget.spend(5, .reference))
    #expect(budget.left == 0)
  }
}

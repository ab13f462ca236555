import AlbertReports
import Testing

/// What a table's rows are named by where it is too wide.
@Suite struct NarrowTableTests {
  @Test func theStatedColumnNamesARow() {
    var table = TextTable([.left, .name, .name], titles: ["key", "A", "B"], heading: 0)
    table.add(["max_position_embeddings", "a value of many words", "512"])
    let lines = table.lines(terminal: Terminal(hasColor: false, isInteractive: false, width: 30))
    #expect(lines.first == "  max_position_embeddings")
    #expect(lines.dropFirst().joined().contains("B 512"))
  }
}

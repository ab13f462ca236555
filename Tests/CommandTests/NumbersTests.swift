import AlbertTensors
import AlbertVerification
import Testing

@testable import AlbertReports

@Suite struct NumbersTests {
  @Test func numbersReadAsPeopleWriteThem() {
    #expect(Numbers.grouped(0) == "0")
    #expect(Numbers.grouped(11_683_584) == "11,683,584")
    #expect(Numbers.grouped(-1_000) == "-1,000")
    #expect(Numbers.short(11_683_584) == "11.7 M")
    #expect(Numbers.bytes(999) == "999 B")
    #expect(Numbers.bytes(47_255_240) == "47.3 MB")
    #expect(Numbers.fixed(0.995, 2) == "1.00" || Numbers.fixed(0.995, 2) == "0.99")
    #expect(Numbers.fixed(-0.04, 1) == "0.0")
    #expect(Numbers.scientific(3.14e-7) == "3.1e-07")
    #expect(Numbers.scientific(9.99e-5) == "1.0e-04")
    #expect(Numbers.scientific(0) == "0")
    #expect(Numbers.compact(.nan) == "-")
  }

  @Test func namesFromAFileCannotSteerTheTerminal() {
    #expect(Terminal.shown("a/b.c:0 é") == "a/b.c:0 é")
    #expect(Terminal.shown("a\u{1B}[31mb\n\u{9B}") == "a\\u{1b}[31mb\\u{a}\\u{9b}")
  }

  @Test func aRunSaysWhatIsNoFiniteNumber() {
    let values: [[Double]] = [[1, 2], [1, .nan], [1, .nan, -.infinity]]
    let outputs = values.map { ValueStatistics("stage", Shape([$0.count]), $0) }
    let report = RunReport(
      model: "m", engine: "reference", type: "float64", outputs: outputs, file: nil)
    let lines = report.lines(terminal: .plain)
    #expect(lines[2].hasSuffix("2.0000"))
    #expect(lines[3].hasSuffix("  1 value is no finite number"))
    #expect(lines[4].hasSuffix("  2 values are no finite numbers"))
  }

  @Test func columnsAlign() {
    var table = TextTable([.left, .right], titles: ["name", "n"])
    table.add(["a", "1"])
    table.add(["bcd", "123"])
    #expect(table.lines(indentation: 0) == ["name    n", "a       1", "bcd   123"])
  }
}

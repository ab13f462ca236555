import AlbertBytes
import Testing

struct FirstFewTests {
  @Test func moreThanThreeAreMarked() {
    #expect([String]().firstFew == "")
    #expect(["a", "b", "c"].firstFew == "a, b, c")
    #expect(["a", "b", "c", "d"].firstFew == "a, b, c, …")
  }
}

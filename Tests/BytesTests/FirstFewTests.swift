import AlbertBytes
import Testing

struct FirstFewTests {
  @Test func moreThanThreeAreMarked() {
    #expect([String]().firstFew == "")
    #expect(["a", "b", "c"].firstFew == "a, b, c")
    #expect(["a", "b", "c", "d"].firstFew == "a, b, c, …")
  }

  @Test func aNameThatNobodyGaveIsCut() {
    let name = String(repeating: "x", count: 3000)
    #expect(name.short == String(repeating: "x", count: 160) + "… (3000 characters)")
    #expect(String(name.prefix(160)).short == name.prefix(160))
    #expect([name, "b", "c", "d"].firstFew == name.short + ", b, c, …")
  }
}

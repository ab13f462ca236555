import AlbertBytes
import AlbertFleet
import AlbertJSON
import AlbertTestSupport
import SystemPackage
import Testing

/// Work that goes on where it stopped.
@Suite struct JournalTests {
  @Test func whatIsFinishedIsThereAgain() throws {
    let scratch = try Scratch()
    let path = scratch.path("j")
    try Journal(path, of: "w").add(.object([JSONMember("a", .integer(1))]))
    let journal = try Journal(path, of: "w")
    #expect(journal.entries == [.object([JSONMember("a", .integer(1))])])
    try journal.remove()
    #expect((try? path.stat()) == nil)
    // Two who do the same at once are both done.
    try journal.remove()
  }

  @Test func aTornLineIsNoEntryAndSpoilsNoLaterOne() throws {
    let scratch = try Scratch()
    let path = scratch.path("j")
    try Journal(path, of: "w").add(.object([JSONMember("a", .integer(1))]))
    let whole = try scratch.bytes("j")
    for length in (whole.count - 8)..<(whole.count - 1) {
      try scratch.write("torn", Array(whole[..<length]))
      try Journal(scratch.path("torn"), of: "w").add(.object([JSONMember("b", .integer(2))]))
      let again = try Journal(scratch.path("torn"), of: "w")
      #expect(again.entries == [.object([JSONMember("b", .integer(2))])])
    }
  }

  @Test(arguments: ["", "text\n", "{\"albert_journal\": 1, \"work\": \"other\"}\n", "{}\n"])
  func anotherFileIsLeftAlone(_ text: String) throws {
    let scratch = try Scratch()
    try scratch.write("j", text: text)
    guard !text.isEmpty else { return }
    #expect(failure { try Journal(scratch.path("j"), of: "w") }.contains("no journal of the same"))
    #expect(try scratch.text("j") == text)
  }

  @Test func aLinkIsNotFollowed() throws {
    let scratch = try Scratch()
    try scratch.write("precious", text: "")
    try scratch.link("j", to: scratch.path("precious"))
    #expect(failure { try Journal(scratch.path("j"), of: "w") }.contains("open the journal"))
  }
}

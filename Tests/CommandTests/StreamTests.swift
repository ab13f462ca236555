import AlbertJSON
import AlbertTestSupport
import Testing

/// Whatever becomes of the tool's streams, nobody is told that all is well when it is not.
@Suite struct StreamTests {
  @Test(arguments: [
    "inspect \"$SAMPLES/tiny-tf1\"", "inspect \"$SAMPLES/tiny-tf1\" --json", "variants --json",
    "--help", "help verify", "--version", "--generate-completion-script bash",
    "convert \"$SAMPLES/tiny-tf1\" out.albert --json",
  ])
  func aFullDisk(_ arguments: String) throws {
    let run = try Tool.script("\"$ALBERT\" \(arguments) >/dev/full", in: try Scratch())
    #expect(run.status == 2)
    #expect(run.errors.contains("standard output: cannot write the result: No space left"))
  }

  @Test(arguments: ["inspect \"$SAMPLES/tiny-tf1\" --tensors --json", "variants", "--help"])
  func aReaderThatGoesAway(_ arguments: String) throws {
    // The reader has ended before the tool begins.
    let run = try Tool.script(
      "(sleep 0.3; \"$ALBERT\" \(arguments); echo $? >status) | :; cat status", in: try Scratch())
    #expect(run.output == "0\n")
    #expect(run.errors == "")
  }

  @Test func aReaderThatGoesAwayHidesNoFailure() throws {
    let run = try Tool.script(
      """
      "$ALBERT" convert "$SAMPLES/tiny-tf1" a.albert >/dev/null
      "$ALBERT" convert a.albert b.albert --dtype f16 >/dev/null
      (sleep 0.3; "$ALBERT" verify b.albert --against a.albert --tolerance 0; echo $? >status) | :
      cat status
      """, in: try Scratch())
    #expect(run.output == "1\n")
  }

  @Test func aReaderOfErrorsThatGoesAwayStopsNoWork() throws {
    let run = try Tool.script(
      """
      ({ sleep 0.3; "$ALBERT" convert "$SAMPLES/tiny-tf1" out.albert >/dev/null; echo $? >status; } \
      2>&1 ) | :; cat status; "$ALBERT" check out.albert >/dev/null
      """, in: try Scratch())
    #expect(run.status == 0)
    #expect(run.output == "0\n")
  }

  @Test func aClosedStreamIsNoPlaceForAModel() throws {
    for closed in [">&-", "2>&-", "<&-", "<&- >&- 2>&-"] {
      let run = try Tool.script(
        """
        "$ALBERT" convert "$SAMPLES/tiny-tf1" out.albert --json \(closed)
        echo $? >status; "$ALBERT" check out.albert >/dev/null; echo $? $(cat status)
        """, in: try Scratch())
      #expect(run.output.hasSuffix(closed.contains(" >&-") || closed == ">&-" ? "0 2\n" : "0 0\n"))
    }
  }
}

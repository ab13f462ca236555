import AlbertTestSupport
import Testing

@testable import AlbertReports

/// The pages as headless Chromium lays them out: `Tests/Pages` looks at them.
@Suite struct PagesTests {
  private static let pages = PackageFiles.root.appending("Tests/Pages").string

  private static let hasBrowser: Bool = {
    guard let scratch = try? Scratch() else { return false }
    let run = try? Tool.shell(
      "python3 -B -c \"import sys; sys.path.insert(0, '\(pages)'); import browser; "
        + "sys.exit(browser.find() is None)\"", in: scratch)
    return run?.status == 0
  }()

  @Test(.enabled(if: hasBrowser)) func nothingIsWrongAtAnyWidthInLightAndDark() throws {
    let scratch = try Scratch()
    let run = try Tool.shell(
      "python3 -B '\(Self.pages)/pages.py' \"$albert\" \"$d/pages\"", in: scratch)
    #expect(run.output == "", "\(run.errors)")
    #expect(run.status == 0)
    #expect(try scratch.names("pages").contains("inspect-390-dark.png"))
  }

  @Test(.enabled(if: hasBrowser)) func whatIsWrongIsNoticed() throws {
    let scratch = try Scratch()
    let run = try Tool.shell("python3 -B '\(Self.pages)/pages_test.py'", in: scratch)
    #expect(run.status == 0, "\(run.output) \(run.errors)")
  }

  @Test func thePolicyAllowsThePagesOwnScriptAlone() {
    let page = HTMLPage(title: "t", subtitle: "s", tool: "albert").text
    #expect(page.contains("default-src 'none'"))
    #expect(page.contains("script-src 'sha256-"))
    #expect(page.contains("<script>\(HTMLPage.script)</script>"))
  }
}

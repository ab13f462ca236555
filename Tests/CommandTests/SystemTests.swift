import AlbertJSON
import AlbertTestSupport
import Testing

/// What a system may lack.
@Suite struct SystemTests {
  /// A way to run a command without `/proc`; nil where the test may not make one.
  private static let hidden: String? = {
    for unshare in ["unshare -m", "unshare -rm"] {
      let command = "\(unshare) sh -c 'mount -t tmpfs none /proc && exec sh -ec \"$SCRIPT\"'"
      guard let scratch = try? Scratch() else { return nil }
      if (try? Tool.script("SCRIPT=true; export SCRIPT; \(command)", in: scratch))?.status == 0 {
        return command
      }
    }
    return nil
  }()

  @Test(.enabled(if: hidden != nil)) func withoutProc() throws {
    let run = try Tool.script(
      """
      SCRIPT='"$ALBERT" convert "$SAMPLES/tiny-tf1" out.albert >/dev/null
        "$ALBERT" convert out.albert out.weights.h5 --initialize-missing --allow-inexact >/dev/null
        cp "$SAMPLES/tiny-tf1/albert_config.json" .
        PATH="$(dirname "$ALBERT"):$PATH" albert inspect out.weights.h5 >/dev/null
        "$ALBERT" run out.albert >/dev/null
        "$ALBERT" --help >/dev/null
        "$ALBERT" inspect out.weights.h5 --json >inspect.json'
      export SCRIPT ALBERT SAMPLES
      \(Self.hidden ?? "false"); status=$?; cat inspect.json; exit $status
      """, in: try Scratch())
    #expect(run.status == 0, "\(run.errors)")
    #expect(try run.json["format"]?.string == "hdf5")
  }
}

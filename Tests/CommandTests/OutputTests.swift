import AlbertBytes
import AlbertJSON
import AlbertTestSupport
import SystemPackage
import Testing

/// Where the tool's outputs go, by one rule for all of them.
@Suite struct OutputTests {
  private static let sample = PackageFiles.root.appending("samples/tiny-tf1").string

  /// Every kind of output, as the words that write it to `$o`.
  private static let commands = [
    "$albert inspect \(sample) --html", "$albert run \(sample) --output",
    "$albert verify \(sample) --against \(sample) --html",
    "$albert convert \(sample) --to npz --no-verify",
  ]

  private func shell(_ script: String, _ scratch: Scratch) throws -> Tool.Run {
    try Tool.shell("cd \"$d\"; " + script, in: scratch)
  }

  @Test(arguments: commands) func pipesAndDevicesAreWrittenThrough(_ command: String) throws {
    let scratch = try Scratch()
    let run = try shell(
      """
      mkfifo pipe; cat pipe > copy & \(command) pipe > log || exit; wait
      test -p pipe && test -s copy || exit 90
      \(command) /dev/null > log && test -c /dev/null || exit 91
      cat < /dev/null > file; ln -s pipe link; cat pipe > again & \(command) link > log || exit; wait
      test -p pipe && test -L link && cmp copy again || exit 92
      """, scratch)
    #expect(run.status == 0, "\(run.errors)")
  }

  /// Whatever the mask forbids, an output can be made and verified, and its owner can read it.
  @Test(arguments: ["777", "277", "222"]) func anyMaskWillDo(_ mask: String) throws {
    let scratch = try Scratch()
    let run = try shell(
      """
      cp -R \(Self.sample) m; echo m >list; umask \(mask)
      $albert convert m o.albert >log; $albert convert m o.onnx --external-data >log
      $albert convert m folder --to huggingface >log; $albert inspect m --html o.html >log
      $albert survey m --into o.csv >log; $albert convert --from-list list --into all >log
      chmod 600 stderr log; find . ! -path './m*' -type f ! -perm -400; find . -type d ! -perm -700
      ls -A; chmod -R u+rwX .
      """, scratch)
    #expect(
      run.output.split(separator: "\n").filter { !$0.hasPrefix("o.onnx.") } == [
        "all", "folder", "list", "log", "m", "o.albert", "o.csv", "o.html", "o.onnx", "stderr",
      ], "\(run.output) \(run.errors)")
  }

  /// Who could not read the old file cannot read the new one, nor what is beside it or in it.
  @Test func privateOutputsStayPrivate() throws {
    let scratch = try Scratch()
    let run = try shell(
      """
      for words in o.albert 'o.onnx --external-data' 'folder --to huggingface'; do
        $albert convert \(Self.sample) $words >log || exit
        find o.* folder -type f -exec chmod 600 {} + 2>/dev/null
        $albert convert \(Self.sample) $words --force --dtype f16 --max-error 9 >log || exit
      done
      find o.* folder -type f ! -perm 600; find o.* folder -type f | wc -l
      """, scratch)
    #expect(run.output.trimmingPrefix(" ") == "5\n", "\(run.output) \(run.errors)")
  }

  /// The file is all of standard output; what else there is to say goes to standard error.
  @Test(arguments: commands) func standardOutputCarriesOneFile(_ command: String) throws {
    let scratch = try Scratch()
    let run = try shell(
      """
      \(command) file.npz > log || exit; test -s log || exit 90
      \(command) - > copy 2> log || exit; test -s log || exit 91
      cmp file.npz copy || exit 92
      \(command) /dev/stdout | cat > copy2; cmp file.npz copy2 || exit 93
      ls -l /dev/stdout | grep -q '^l' || exit 94
      \(command) - --json > copy; test $? = 64 || exit 95
      """, scratch)
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test(arguments: commands) func aLinkKeepsPointing(_ command: String) throws {
    let scratch = try Scratch()
    let run = try shell(
      """
      ln -s target.npz link.npz; \(command) link.npz > log || exit
      test -L link.npz && test -s target.npz || exit 90
      echo mine > target.npz; \(command) link.npz > log; test $? = 2 || exit 91
      test "$(cat target.npz)" = mine || exit 92
      \(command) link.npz --force > log || exit; test -L link.npz && test "$(cat target.npz)" != mine
      """, scratch)
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test(arguments: commands) func whatIsThereWantsForce(_ command: String) throws {
    let scratch = try Scratch()
    let run = try shell(
      """
      cp \(Self.sample)/model.ckpt.index model.npz 2> /dev/null || cp \(Self.sample)/*.index model.npz
      cp model.npz before; \(command) model.npz > log; test $? = 2 || exit 90
      cmp model.npz before || exit 91
      \(command) model.npz --force > log || exit; ! cmp -s model.npz before
      """, scratch)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("pass --force"))
  }

  @Test func aPageReplacesAPage() throws {
    let scratch = try Scratch()
    let run = try shell(
      """
      for i in 1 2; do $albert inspect \(Self.sample) --html page.html > log || exit; done
      $albert verify \(Self.sample) --against \(Self.sample) --html page.html > log || exit
      $albert convert \(Self.sample) model.safetensors > log || exit
      $albert inspect \(Self.sample) --html model.safetensors > log; test $? = 2
      """, scratch)
    #expect(run.status == 0, "\(run.errors)")
    #expect(
      run.errors.contains(
        "model.safetensors: a model (safetensors) is there, and no page of albert's; name another "
          + "file for the page, or pass --force to replace what is there"))
  }

  @Test(arguments: [("INT", 130), ("TERM", 143), ("HUP", 129)])
  func aSignalLeavesNothing(_ signal: (name: String, status: Int32)) throws {
    let scratch = try Scratch()
    // Nobody reads the pipes, so that the tool waits until it is told to end.
    let run = try shell(
      """
      mkfifo pipe; mkdir out; sleep 60 > /dev/null & reader=$!
      env -i TMPDIR="$d/out" sh -c 'exec "$0" "$@"' $albert run \(Self.sample) --output pipe & tool=$!
      sleep 1; kill -\(signal.name) $tool; wait $tool; status=$?; kill $reader
      test -z "$(ls -A out)" || exit 90; exit $status
      """, scratch)
    #expect(run.status == signal.status, "\(run.errors)")
  }

  @Test(arguments: [("TERM", 143), ("HUP", 129), ("INT", 130)])
  func aConversionThatIsToldToEndLeavesNothing(_ signal: (name: String, status: Int32)) throws {
    let scratch = try Scratch()
    let run = try shell(
      """
      mkdir out; mkfifo out/pipe
      $albert convert \(Self.sample) out/pipe --to npz > log 2>&1 & tool=$!
      sleep 1; kill -\(signal.name) $tool; wait $tool; status=$?
      test "$(ls -A out)" = pipe || exit 90; exit $status
      """, scratch)
    #expect(run.status == signal.status, "\(run.errors)")
  }

  @Test func aLimitOnTheSizeOfFilesIsAnError() throws {
    let scratch = try Scratch()
    let run = try shell(
      """
      mkdir out; (ulimit -f 16; $albert convert \(Self.sample) out/m.albert > log); status=$?
      test -z "$(ls -A out)" || exit 90; exit $status
      """, scratch)
    #expect(run.status == 2)
    #expect(run.errors.contains("out/m.albert: cannot "))
    #expect(run.errors.contains(": File too large"))
    #expect(run.errors.contains("; raise the limit for the size of files (ulimit -f)"))
  }

  @Test func namesMayBeAsLongAsTheyCan() throws {
    let scratch = try Scratch()
    let run = try shell(
      """
      name=$(printf 'x%.0s' $(seq 248)).albert; mkdir out
      for i in 1 2; do $albert convert \(Self.sample) out/$name --force > log || exit; done
      name=$(printf 'x%.0s' $(seq 250)).onnx
      for i in 1 2; do
        $albert convert \(Self.sample) out/$name --force --external-data > log || exit
      done
      $albert inspect out/$name > log || exit
      test $(ls -A out | wc -l) = 3
      """, scratch)
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test func standardOutputWantsAFormat() throws {
    let scratch = try Scratch()
    let run = try Tool.run("convert", Self.sample, "-", in: scratch)
    #expect(run.status == 64)
    #expect(run.errors.contains("name the format with --to"))
  }
}

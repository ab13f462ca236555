import AlbertPlatform
import CAlbertFuzzer

/// Feeds one reader with what libFuzzer makes up: an error is an answer, a trap is a finding.
@main
enum Fuzz {
  static func main() {
    guard Feed.target != nil else {
      print(Target.all.map(\.name).joined(separator: "\n"))
      exit(Environment.target == nil ? 0 : 64)
    }
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    exit(LLVMFuzzerRunDriver(&count, &arguments) { Feed.feed($0, $1) })
  }
}

/// What every input goes through.
enum Feed {
  /// The reader that was asked for.
  static let target = Target.all.first { $0.name == Environment.target }

  /// Writes the bytes under the reader's name and has them read.
  static func feed(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    guard let target else { return -1 }
    let path = Environment.folder.appending(target.file)
    let file = open(path.string, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    precondition(file >= 0 && write(file, bytes, count) == count, "cannot write the input")
    close(file)
    do {
      try target.read(Environment.folder.appending(target.opened))
    } catch {
      // Refused, as it should be.
    }
    return 0
  }
}

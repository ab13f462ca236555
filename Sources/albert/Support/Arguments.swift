public import ArgumentParser
import AlbertBytes
import CAlbertPlatform
public import SystemPackage

/// What the process was started with, byte for byte: neither read from `/proc`, which need not be
/// there, nor repaired where it is not text.
enum Arguments {
  /// All arguments, the program's own name first.
  static let all: [[UInt8]] = {
    let count = albertkit_argument_count()
    guard count > 0 else { return CommandLine.arguments.map { Array($0.utf8) } }
    return (0..<count).map { unsafe [UInt8](cString: albertkit_argument($0)) }
  }()

  /// Those behind the program's name, as the parser takes them.
  static var texts: [String] { all.dropFirst().map(ByteText.text) }
}

/// Bytes as text and back, whatever they are.
///
/// What is not UTF-8 becomes a character of a private range for each byte; so does, byte for byte, a
/// character of that range itself, so that every text stands for one sequence of bytes.
enum ByteText {
  /// The first character of the range stands for the byte 0, which is never used.
  private static let base: UInt32 = 0x10_FE00
  private static let escapes: ClosedRange<UInt32> = base...base + 0xFF

  /// The text that stands for `bytes`.
  static func text(_ bytes: [UInt8]) -> String {
    var text = String.UnicodeScalarView()
    var parser = Unicode.UTF8.ForwardParser()
    var rest = bytes.makeIterator()
    var position = 0
    while true {
      let length: Int
      switch parser.parseScalar(from: &rest) {
      case .emptyInput: return String(text)
      case .valid(let encoded):
        length = encoded.count
        let scalar = Unicode.UTF8.decode(encoded)
        if !escapes.contains(scalar.value) {
          text.append(scalar)
          position += length
          continue
        }
      case .error(let count): length = count
      }
      text.append(contentsOf: bytes[position..<position + length].compactMap(escape))
      position += length
    }
  }

  /// The bytes that `text` stands for.
  static func bytes(of text: String) -> [UInt8] {
    text.unicodeScalars.flatMap { scalar in
      escapes.contains(scalar.value)
        ? [UInt8(scalar.value - base)] : Array(String(scalar).utf8)
    }
  }

  /// The text as it may be printed.
  static func repaired(_ text: String) -> String {
    String(decoding: bytes(of: text), as: UTF8.self)
  }

  private static func escape(_ byte: UInt8) -> Unicode.Scalar? {
    Unicode.Scalar(base + UInt32(byte))
  }
}

extension FilePath: @retroactive ExpressibleByArgument {
  /// The path of the bytes that were given.
  public init?(argument: String) {
    self.init(bytes: ByteText.bytes(of: argument))
  }
}

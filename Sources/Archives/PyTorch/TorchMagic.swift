internal import AlbertBytes

/// How a file that PyTorch wrote, or that may be taken for one, begins.
enum TorchMagic: Equatable {
  /// A zip file, which may hold anything.
  case zip
  /// A row of pickles and then storages, as PyTorch wrote before version 1.6.
  case legacy
  /// A tar archive, as PyTorch wrote before version 0.2.
  case tar
  /// Another pickle of protocol 2 or later.
  case pickle

  /// Bytes that tell.
  static let headSize = 512

  /// The number that old files begin with, as a pickle writes it: LONG1 of ten bytes.
  private static let number: [UInt8] = [
    0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
  ]
  private static let tarNames: Set<String> = ["sys_info", "pickle", "tensors", "storages"]

  init?(_ head: [UInt8]) {
    if ZipFile.isZip(head) {
      self = .zip
    } else if head.count > 2, head[0] == 0x80, (2...5).contains(head[1]) {
      // Protocol 4 and 5 put a frame of nine bytes before it.
      let isNumber = [2, 11].contains { head.dropFirst($0).starts(with: Self.number) }
      self = isNumber ? .legacy : .pickle
    } else if head.count > 262, Array(head[257..<262]) == Array("ustar".utf8) {
      let name = String(decoding: head.prefix(100).prefix { $0 != 0 }, as: UTF8.self)
      guard Self.tarNames.contains(name.hasPrefix("./") ? String(name.dropFirst(2)) : name) else {
        return nil
      }
      self = .tar
    } else {
      return nil
    }
  }
}

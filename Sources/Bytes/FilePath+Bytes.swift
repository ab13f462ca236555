package import SystemPackage

// A name in a file system is bytes, not text: two names that look alike once repaired are two files.
// So names stay bytes from the command line to the system call, and only what is printed is repaired.

extension FilePath {
  /// The path of these bytes, up to the first zero.
  package init(bytes: some Sequence<UInt8>) {
    let text: [CInterop.PlatformChar] = bytes.map { CChar(bitPattern: $0) } + [0]
    self.init(platformString: text)
  }

  /// The bytes of the path.
  package var bytes: [UInt8] { unsafe withPlatformString { unsafe [UInt8](cString: $0) } }

  /// The path whose last component ends in `suffix` as well.
  package func appending(suffix: String) -> FilePath { FilePath(bytes: bytes + suffix.utf8) }

  /// The path of a file of that name alone.
  package init(_ name: FilePath.Component) {
    self.init(root: nil, [name])
  }

  /// The path with another last component.
  package func replacingLastComponent(with name: FilePath.Component) -> FilePath {
    removingLastComponent().appending(name)
  }
}

extension FilePath.Component {
  /// The bytes of the name.
  package var bytes: [UInt8] { unsafe withPlatformString { unsafe [UInt8](cString: $0) } }

  /// The name of these bytes, up to the first zero; nil where no file can have it.
  package init?(bytes: some Sequence<UInt8>) {
    let text: [CInterop.PlatformChar] = bytes.map { CChar(bitPattern: $0) } + [0]
    self.init(platformString: text)
  }

  /// The name with `ending` behind it.
  package func adding(_ ending: String) -> FilePath.Component {
    FilePath.Component(bytes: bytes + ending.utf8) ?? self
  }

  /// The name without `ending`; nil where it ends otherwise, or nothing is left.
  package func dropping(_ ending: String) -> FilePath.Component? {
    bytes.suffix(ending.utf8.count).elementsEqual(ending.utf8)
      ? dropping(last: ending.utf8.count) : nil
  }

  /// The name without its last bytes; nil where nothing is left.
  package func dropping(last count: Int) -> FilePath.Component? {
    FilePath.Component(bytes: bytes.dropLast(count))
  }
}

extension [UInt8] {
  /// The bytes of a C string without its zero; none where there is none.
  package init(cString text: UnsafePointer<CChar>?) {
    self.init()
    var next = unsafe text
    while let byte = unsafe next?.pointee, byte != 0 {
      append(UInt8(bitPattern: byte))
      unsafe next = unsafe next?.successor()
    }
  }
}

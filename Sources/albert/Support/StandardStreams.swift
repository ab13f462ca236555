import AlbertPlatform
import SystemPackage

/// The streams that a process starts with.
enum StandardStreams {
  /// Makes them safe to write to, before any file is opened.
  static func prepare() {
    // A reader that goes away must not end the process in the middle of its work.
    _ = signal(SIGPIPE, SIG_IGN)
    // The next file that is opened takes the lowest number that is free: of a closed stream, whose
    // text would then go into a model. A folder in its place takes none.
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      unsafe _ = open("/", O_RDONLY | O_DIRECTORY)
    }
  }

  /// Writes all of a text, however long the stream lets it wait.
  static func write(_ text: String, to descriptor: Int32) throws(Errno) {
    var text = text
    let failure: Errno? = text.withUTF8 { bytes in
      var done = 0
      while done < bytes.count {
        let count = unsafe systemWrite(
          descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
        if count >= 0 {
          done += count
        } else if errno == EAGAIN {
          var event = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          unsafe _ = poll(&event, 1, -1)
        } else if errno != EINTR {
          return Errno(rawValue: errno)
        }
      }
      return nil
    }
    if let failure { throw failure }
  }
}

/// `write`, under a name that the method does not hide.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  unsafe write(descriptor, bytes, count)
}

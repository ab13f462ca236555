import AlbertArchives
import AlbertBytes
import AlbertTestSupport
import Testing

/// Headers written by hand that break the law one way each, and some that keep it oddly.
@Suite struct SafetensorsLawTests {
  private func file(_ header: String, data: Int, length: UInt64? = nil) -> [UInt8] {
    let length = length ?? UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8)
      + [UInt8](repeating: 7, count: data)
  }

  private func message(_ bytes: [UInt8]) throws -> String {
    let scratch = try Scratch()
    let path = try scratch.write(bytes, "x.safetensors")
    do {
      let archive = try ArchiveRegistry.open(path)
      try archive.readAll()
      return "no error"
    } catch let error as FileError {
      return "\(error.message); \(error.remedy)"
    }
  }

  private static let again =
    "download or copy the file again; if that does not help, it was damaged when written"

  static let broken: [(header: String, data: Int, message: String)] = [
    (
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 9,
      "1 bytes after the last tensor belong to none at byte 70; \(again)"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 5,
      "the file ends inside the data: 8 bytes expected, 5 found in tensor 'a' at byte 62; \(again)"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, 8,
      "the size of F32 [3]: expected 12 bytes, found 8 (data_offsets 0 to 8) in tensor 'a'; \(again)"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#,
      3,
      "the data overlaps the tensor before it by 1 bytes in tensor 'b' at byte 114; \(again)"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[3,5]}}"#,
      5, "1 bytes before the data belong to no tensor in tensor 'b' at byte 116; \(again)"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#, 4,
      "2 bytes before the data belong to no tensor in tensor 'a' at byte 63; \(again)"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"\u0061":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#,
      2, #"the key "a" occurs twice in one object at byte 61; \#(again)"#
    ),
    (
      #"{"a":{"dtype":"F12","shape":[],"data_offsets":[0,4]}}"#, 4,
      "the element type 'F12' is not supported in tensor 'a'; save the model again in another "
        + "supported format"
    ),
    (
      #"{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}}"#, 2,
      "F4 elements of shape [3] fill no whole bytes in tensor 'a'; \(again)"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}"#, 1,
      "the shape [-1] is out of range in tensor 'a'; \(again)"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#, 0,
      "the shape [4294967296, 4294967296] is out of range in tensor 'a'; \(again)"
    ),
    (
      #"{"a":{"dtype":"F64","shape":[0,9223372036854775807],"data_offsets":[0,0]}}"#, 0,
      "the shape [0, 9223372036854775807] is out of range in tensor 'a'; \(again)"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}}"#, 1,
      "the entry has no 'shape' that is an array of integers in tensor 'a'; \(again)"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}"#, 1,
      "the data_offsets [1, 0] are no range in tensor 'a'; \(again)"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[-9223372036854775808,9223372036854775807]}}"#,
      1,
      "the data_offsets [-9223372036854775808, 9223372036854775807] are no range in tensor 'a'; \(again)"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,9223372036854775807]}}"#, 1,
      "the size of U8 [1]: expected 1 bytes, found 9223372036854775807 (data_offsets 0 to "
        + "9223372036854775807) in tensor 'a'; \(again)"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,2]}}"#, 1,
      "the entry has no 'data_offsets' of two integers in tensor 'a'; \(again)"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":1}}"#, 1,
      "the entry has a key 'x' that the format does not know in tensor 'a'; \(again)"
    ),
    (#"{"a":[]}"#, 0, "the entry is no JSON object in tensor 'a'; \(again)"),
    (
      #"{"a":{"shape":[]}}"#, 0, "the entry has no 'dtype' that is a string in tensor 'a'; \(again)"
    ),
    (#"{"__metadata__":{"n":1}}"#, 0, "'n' in __metadata__ is no string; \(again)"),
    (#"{"__metadata__":"x"}"#, 0, "__metadata__ is no JSON object; \(again)"),
    (#"{"a":NaN}  "#, 0, "JSON has no NaN at byte 13; \(again)"),
  ]

  @Test(arguments: broken.indices) func refuses(_ index: Int) throws {
    let item = Self.broken[index]
    #expect(try message(file(item.header, data: item.data)) == item.message)
  }

  @Test(arguments: [
    (#"{}"#, 0), (#"{"__metadata__":{}}"#, 0), (#"{"__metadata__":null}"#, 0),
    ("{\"a\":{\"data_offsets\":[0,8],\"shape\":[ 2 ],\"dtype\":\"F32\"}}  \n\t", 8),
    (
      #"{"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#,
      3
    ),
    (
      #"{"b":{"dtype":"U8","shape":[0],"data_offsets":[1,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#,
      1
    ),
    (
      #"{"b":{"dtype":"F4","shape":[4],"data_offsets":[1,3]},"a":{"dtype":"BOOL","shape":[],"data_offsets":[0,1]}}"#,
      3
    ),
  ]) func accepts(_ header: String, _ data: Int) throws {
    #expect(try message(file(header, data: data)) == "no error")
  }

  @Test func refusesImpossibleLengths() throws {
    let entry = #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#
    for length in [UInt64.max, 1 << 63, 100_000_001] {
      #expect(
        try message(file(entry, data: 1, length: length)).hasPrefix(
          "the length of the header is \(Int(clamping: length)), more than the 100000000 accepted"))
    }
    #expect(
      try message(file(entry, data: 1, length: 100_000_000)).hasPrefix(
        "the file ends inside the header: 100000000 bytes expected, 54 found at byte 8"))
    for length in 0..<UInt64(entry.utf8.count) {
      #expect(try message(file(entry, data: 1, length: length)) != "no error")
    }
  }
}

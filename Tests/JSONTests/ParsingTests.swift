import AlbertBytes
import AlbertJSON
import Testing

@Suite struct ParsingTests {
  private func parse(_ text: String) throws -> JSONValue {
    try JSONValue.parse(Array(text.utf8), path: "config.json")
  }

  private func failure(_ text: String, offset: Int = 0, remedy: Remedy? = nil) -> String {
    do {
      _ = try JSONValue.parse(
        Array(text.utf8), path: "config.json", offset: offset, remedy: remedy)
      return "accepted"
    } catch {
      return error.description
    }
  }

  @Test func buildsTheTree() throws {
    let value = try parse(
      #" {"z": 1, "a": [true, false, null, -2.5e-3, "é\u00e9\ud83d\ude00\u0000x"], "m": {"k": {}}} "#
    )
    #expect(value.members?.map(\.key) == ["z", "a", "m"])
    #expect(value["z"]?.integer == 1)
    #expect(
      value["a"]?.elements == [
        .bool(true), .bool(false), .null, .number(-2.5e-3), .string("éé😀\0x"),
      ])
    #expect(value["m"] == .object([JSONMember("k", .object([]))]))
    #expect(value["b"] == nil)
  }

  @Test func tellsIntegersFromFractions() throws {
    #expect(try parse("1") == .integer(1))
    #expect(try parse("1.0") == .number(1))
    #expect(try parse("1e0") == .number(1))
    #expect(try parse("9223372036854775807") == .integer(.max))
    #expect(try parse("-9223372036854775808") == .integer(.min))
    #expect(try parse("-0") == .integer(0))
    let negativeZero = try #require(try parse("-0.0").double)
    #expect(negativeZero.sign == .minus && negativeZero == 0)
    #expect(try parse("5e-324") == .number(.leastNonzeroMagnitude))
    #expect(try parse("1.7976931348623157e308") == .number(.greatestFiniteMagnitude))
    #expect(try parse("0e-99999") == .number(0))
    #expect(try parse("1e-12").double == 1e-12)
  }

  @Test func saysWhatIsWrongWhereAndWhatToDo() {
    #expect(
      failure(#"{"a": 1, "\u0061": 2}"#)
        == #"config.json: the key "a" occurs twice in one object at byte 9; keep one of them"#)
    #expect(
      failure(#"{"eps": NaN}"#)
        == "config.json: JSON has no NaN at byte 8; write null or a finite number")
    #expect(
      failure("[-Infinity]")
        == "config.json: JSON has no infinity and no NaN at byte 1; write null or a finite number")
    #expect(
      failure("{'a': 1}")
        == "config.json: a string stands in single quotes at byte 1; put it in double quotes")
    #expect(
      failure("[1, 2,]")
        == "config.json: a comma stands before the closing bracket at byte 6; remove the comma")
    #expect(
      failure("[1] // one")
        == "config.json: JSON has no comments at byte 4; remove the comment")
    #expect(failure("[True]") == "config.json: JSON has no True at byte 1; write true")
    #expect(
      failure("[007]")
        == "config.json: a number begins with a zero at byte 1; remove the leading zeros")
    #expect(
      failure("[9223372036854775808]")
        == "config.json: the integer 9223372036854775808 does not fit in 64 bits at byte 1; "
        + "write it with an exponent if its last digits do not matter")
    #expect(
      failure("[1e999]")
        == "config.json: the number 1e999 does not fit in a double at byte 1; "
        + "correct the JSON text there")
    #expect(
      failure(#"["\ud800"]"#)
        == "config.json: a \\u escape names half of a surrogate pair at byte 2; "
        + "write both halves, or the character itself")
    #expect(
      failure(#"{"a": [1, 2"#)
        == "config.json: the JSON text ends where a comma or ']' in an array should be at byte 11; "
        + "check that the file is complete")
    #expect(
      failure("  ") == "config.json: there is no JSON text at byte 2; "
        + "check that this is the file you meant")
    #expect(
      failure("{} {}")
        == "config.json: something follows the end of the JSON text at byte 3; "
        + "remove what comes after the first value")
    #expect(
      failure("[x]", offset: 8, remedy: "download the file again")
        == "config.json: 'x' stands where a value should be at byte 9; download the file again")
  }

  @Test func boundsNestingAndNumberOfValues() throws {
    func nested(_ levels: Int) -> String {
      String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
    }
    _ = try parse(nested(JSONValue.maxLevels))
    #expect(failure(nested(JSONValue.maxLevels + 1)).contains("nesting of the JSON text is 129"))
    #expect(failure(String(repeating: "[", count: 100_000)).contains("nesting"))
    #expect(failure(String(repeating: "{\"\":", count: 100_000)).contains("nesting"))
    let containers = "[" + String(repeating: "{},", count: JSONValue.maxContainers) + "{}]"
    #expect(failure(containers).contains("number of objects and arrays"))
    let members = (0...JSONValue.maxMembers).map { "\"\($0)\":1" }.joined(separator: ",")
    #expect(failure("{" + members + "}").contains("number of members"))
    let digits = "0." + String(repeating: "1", count: JSONValue.maxDigits)
    #expect(failure(digits).contains("the length of a number"))
  }

  /// Every cut and every change of one byte of a real text is either JSON or an error.
  @Test func survivesDamage() throws {
    let text = Array(
      #"{"a\u00e9\\":[1,-2.5e+10,true,null,"x\ud83d\ude00é"],"b":{"c":[{},[]],"d":"\n"},"e":false}"#
        .utf8)
    for length in 0..<text.count {
      #expect(throws: FileError.self) {
        try JSONValue.parse(Array(text[..<length]), path: "t.json")
      }
    }
    var accepted = 0
    for index in text.indices {
      for value in UInt8.min...UInt8.max {
        var damaged = text
        damaged[index] = value
        if let tree = try? JSONValue.parse(damaged, path: "t.json") {
          accepted += 1
          #expect(try JSONValue.parse(Array(tree.text().utf8), path: "t.json") == tree)
        }
      }
    }
    #expect(accepted > text.count)
  }

  @Test func whatPythonsLibrariesWriteIsReadOnRequest() throws {
    let large = Array("{\"n\": 1000000000000000019884624838656, \"m\": -9223372036854775809}".utf8)
    #expect(throws: FileError.self) { try JSONValue.parse(large, path: "x") }
    let value = try JSONValue.parse(large, path: "x", clampsIntegers: true)
    #expect(value["n"]?.integer == Int.max)
    #expect(value["m"]?.integer == Int.min)
    // The same where some parts stay as they are, with such a number in one of them.
    let left = try JSONValue.outline(
      Array("{\"a\": [100000000000000000000, \"long\"], \"b\": 99999999999999999999}".utf8),
      path: "x",
      leaving: JSONOutline.Rule(longerThan: 24), clampsIntegers: true)
    #expect(left.value["b"]?.integer == Int.max)
    let forms = Array("{\"\u{E9}\": 1, \"e\u{301}\": 2}".utf8)
    #expect(throws: FileError.self) { try JSONValue.parse(forms, path: "x") }
    let members = try JSONValue.parse(forms, path: "x", tellsFormsApart: true).members
    #expect(members?.map { $0.value.integer } == [1, 2])
  }
}

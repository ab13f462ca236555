import AlbertJSON
import AlbertTestSupport
import Testing

/// `albert survey` and `albert convert --from-list` as scripts meet them.
@Suite struct FleetCommandTests {
  @Test func surveyWritesATableAndNothingElse() throws {
    let scratch = try Scratch()
    let run = try Tool.script(
      """
      mkdir models && cp -R "$SAMPLES/tiny-tf1" models/tiny && echo no >models/bad.safetensors &&
      "$ALBERT" survey models --into out.sqlite && "$ALBERT" survey models/tiny && ls && python3 - <<'PY'
      import sqlite3
      rows = sqlite3.connect("out.sqlite").execute(
          "SELECT path, result, parameters_unique FROM models ORDER BY path").fetchall()
      print(rows)
      PY
      """, in: scratch)
    #expect(run.status == 0)
    #expect(
      run.output.contains("2 models below models: 1 can be converted, 1 not; wrote out.sqlite"))
    #expect(run.output.contains("1 model below models/tiny: 1 can be converted, 0 not"))
    #expect(run.output.contains("('models/tiny', 'ok', 61090)"))
    #expect(!run.output.contains("journal"))
  }

  /// Names that are not UTF-8 may read alike, and are two models all the same.
  @Test func modelsWhoseNamesReadAlikeAreSeveral() throws {
    let scratch = try Scratch()
    let run = try Tool.script(
      """
      mkdir models; for n in '\\377' '\\376'; do cp -R "$SAMPLES/tiny-tf1" "models/$(printf "$n")"; done
      for f in sqlite csv jsonl; do "$ALBERT" survey models --into out.$f >/dev/null || exit 1; done
      "$ALBERT" survey models --json >out.json; python3 - <<'PY'
      import csv, json, sqlite3
      found = [row[0] for row in sqlite3.connect("out.sqlite").execute("SELECT path_hex FROM models")]
      assert found == [row["path_hex"] for row in csv.DictReader(open("out.csv", newline=""))], found
      assert found == [json.loads(line)["path_hex"] for line in open("out.jsonl")]
      print(*(bytes.fromhex(name) for name in found))
      PY
      """, in: scratch)
    #expect(run.output == "b'models/\\xfe' b'models/\\xff'\n", "\(run.errors)")
    let json = try JSONValue.parse(try scratch.bytes("out.json"), path: "out.json")
    #expect(try SchemaValidator("survey").violations(json) == [])
  }

  @Test func surveysDocumentHasItsSchema() throws {
    let scratch = try Scratch()
    let run = try Tool.script("\"$ALBERT\" survey \"$SAMPLES\" --json", in: scratch)
    #expect(run.status == 0)
    #expect(try SchemaValidator("survey").violations(run.json) == [])
    #expect(try run.json["usable"]?.integer ?? 0 >= 2)
  }

  @Test func aSurveyOfNothingLeavesNoJournal() throws {
    let run = try Tool.script(
      "\"$ALBERT\" survey nowhere --into o.csv; echo $?; ls -A", in: try Scratch())
    #expect(run.output == "2\nstderr\n", "\(run.output)")
  }

  @Test func surveyKeepsAnExistingFile() throws {
    let scratch = try Scratch()
    let run = try Tool.script(
      """
      echo mine >a.csv; "$ALBERT" survey "$SAMPLES/bible" --into a.csv; echo $?; cat a.csv
      "$ALBERT" survey "$SAMPLES/bible" --into a.csv --force >/dev/null; echo $?; head -c 11 a.csv; ls
      "$ALBERT" survey "$SAMPLES/bible" --into a.txt; echo $?
      "$ALBERT" survey "$SAMPLES/bible" --format csv 2>/dev/null | head -c 11
      """, in: scratch)
    #expect(run.output == "2\nmine\n0\npath,resulta.csv\nstderr\n64\npath,result")
  }

  @Test func aListIsConvertedSideBySideAndGoesOn() throws {
    let scratch = try Scratch()
    let run = try Tool.script(
      """
      printf '%s\\n' "$SAMPLES/tiny-tf1" "$SAMPLES/bible" nowhere "$SAMPLES/tiny-tf1	again.onnx" >list
      "$ALBERT" convert --from-list list --into out --jobs 2 --json >first; echo $?; ls out
      "$ALBERT" convert --from-list list --into out --jobs=2; echo $?
      "$ALBERT" check out/bible.albert && "$ALBERT" verify out/again.onnx --against out/tiny-tf1.albert >/dev/null
      echo $?; cat first
      """, in: scratch)
    let parts = run.output.split(separator: "{", maxSplits: 1)
    let text = String(parts.first ?? "")
    #expect(text.hasPrefix("1\nagain.onnx\nbible.albert\ntiny-tf1.albert\n"))
    #expect(text.contains("4 conversions: 0 ok, 0 failed, 1 error, 3 there\n1\n"))
    #expect(text.hasSuffix("every digest holds\n0\n"))
    let json = try JSONValue.parse(
      Array(("{" + String(parts.last ?? "")).utf8), path: "the document")
    #expect(try SchemaValidator("convert-list").violations(json) == [])
    let results = json["jobs"]?.elements?.map { $0["result"]?.string }
    #expect(results == ["ok", "ok", "error", "ok"])
  }

  @Test func aListAndASourceAreTooMuch() throws {
    let scratch = try Scratch()
    let run = try Tool.script(
      """
      "$ALBERT" convert a b --from-list l --into d; echo $?
      "$ALBERT" convert --from-list l; echo $?
      "$ALBERT" convert; echo $?
      "$ALBERT" convert --from-list nowhere --into d; echo $?
      """, in: scratch)
    #expect(run.output == "64\n64\n64\n2\n")
    #expect(run.errors.contains("--from-list names the sources"))
  }
}

import AlbertKit
import Testing

@Suite("What a user writes by hand")
struct ConvenienceTests {
  @Test("Rows of ids become inputs; shorter ones are filled up and masked")
  func rows() throws {
    let one = try ModelInputs([[2, 15, 99, 3]])
    #expect(one.shape == [1, 4])
    #expect(one.inputIDs == [2, 15, 99, 3])
    #expect(one.attentionMask == [1, 1, 1, 1])
    #expect(one.tokenTypeIDs == [0, 0, 0, 0])
    let two = try ModelInputs(
      [[2, 7, 3], [2, 15, 99, 9, 3]], segments: [[0, 1, 1], [0, 0, 1, 1, 1]])
    #expect(two.shape == [2, 5])
    #expect(two.inputIDs == [2, 7, 3, 0, 0, 2, 15, 99, 9, 3])
    #expect(two.attentionMask == [1, 1, 1, 0, 0, 1, 1, 1, 1, 1])
    #expect(two.tokenTypeIDs == [0, 1, 1, 0, 0, 0, 0, 1, 1, 1])
  }

  @Test("Inputs that are none are refused")
  func noRows() {
    for rows in [[], [[]]] as [[[Int]]] {
      #expect(throws: InputProblem.shape(input: "input_ids", found: [rows.count, 0])) {
        try ModelInputs(rows)
      }
    }
    #expect(throws: InputProblem.count(input: "token_type_ids", expected: [1, 3], found: 2)) {
      try ModelInputs([[2, 7, 3]], segments: [[0, 1]])
    }
  }

  @Test("Every format has a name that gives it back")
  func formats() {
    for format in ExportFormat.all { #expect(ExportFormat(named: format.name) == format) }
    #expect(Set(ExportFormat.all).count == ExportFormat.all.count)
    #expect(ExportFormat.all.contains(.huggingFace) && ExportFormat.all.contains(.tensorFlow))
    #expect(ExportFormat(named: "gguf") == nil)
  }

  @Test("Errors tell Foundation what is wrong and what to do")
  func localized() {
    let error = #expect(throws: FileError.self) { try NativeModel("nowhere.albert") }
    #expect(error?.errorDescription == "nowhere.albert: there is no such file or folder")
    #expect(error?.recoverySuggestion == "check the path")
    let problem = #expect(throws: InputProblem.self) { try ModelInputs([]) }
    #expect(problem?.errorDescription == problem?.message)
  }
}

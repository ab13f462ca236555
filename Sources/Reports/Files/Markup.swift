/// Text in HTML and XML.
enum Markup {
  /// Text as it may stand between marks and in attributes.
  ///
  /// `newline` stands for the end of a line; what `isSpelled` says so of is spelled out.
  static func escape(
    _ text: String, newline: String = "\n",
    isSpelled: (Unicode.Scalar) -> Bool = { $0.isUnsafeToShow }
  ) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n": result += newline
      case _ where isSpelled(scalar): result += Terminal.spelled(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

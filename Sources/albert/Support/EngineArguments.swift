public import ArgumentParser
public import Verification

extension Engine: ExpressibleByArgument {}
extension Engines: ExpressibleByArgument {}

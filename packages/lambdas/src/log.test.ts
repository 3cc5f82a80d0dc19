import { assert } from "chai";
import { jsonLog } from "./log.ts";

describe("lambdas: logs", () => {
  it("are one JSON line a fact, whatever the values are", () => {
    const lines: string[] = [];
    const log = jsonLog({ lambda: "x", invocation: "i-1" }, (line) => lines.push(line));
    log.info("file", { file: 'a\n"b".csv', rows: 3, table: null });
    log.error("failed", { message: "no\nbus" });
    assert.deepEqual(lines, [
      '{"level":"info","fact":"file","lambda":"x","invocation":"i-1","file":"a\\n\\"b\\".csv","rows":3,"table":null}',
      '{"level":"error","fact":"failed","lambda":"x","invocation":"i-1","message":"no\\nbus"}',
    ]);
  });
});

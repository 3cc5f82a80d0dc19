// The spec reporter, which also leaves its counts, skipped titles and failures in $TEST_COUNTS_FILE for the summary.
const { writeFileSync } = require("node:fs");
const Mocha = require("mocha");

module.exports = class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const skipped = [];
    runner.on("pending", (test) => skipped.push(test.skipReason ?? test.fullTitle()));
    runner.once("end", () => {
      const file = process.env.TEST_COUNTS_FILE;
      const { passes, failures } = this.stats;
      if (file) writeFileSync(file, JSON.stringify({ passed: passes, failed: failures, skipped }));
    });
  }
};

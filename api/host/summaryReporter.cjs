// Leaves Jest's counts in the file DULY_TEST_SUMMARY names, for the closing line of `npm test`.
const { writeFileSync } = require("node:fs");

module.exports = class SummaryReporter {
  onRunComplete(_contexts, results) {
    // A file that could not be loaded holds no failed test, yet nothing in it has passed.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.testResults.flatMap((file) =>
      file.testResults
        .filter((test) => test.status === "pending" || test.status === "todo")
        .map((test) => test.fullName),
    );
    const counts = { passed: results.numPassedTests, failed, skipped };
    if (process.env.DULY_TEST_SUMMARY) writeFileSync(process.env.DULY_TEST_SUMMARY, JSON.stringify(counts));
  }
};

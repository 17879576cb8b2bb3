// One line of JSON for each finished file: what became of each story, by the title of the `describe` that told it.
module.exports = class ProveReporter {
  onTestFileResult(test, { testResults, testExecError }) {
    const stories = testResults
      .filter(({ status }) => status === "passed" || status === "failed")
      .map(({ ancestorTitles: [title, ...within], title: name, status, failureMessages }) => ({
        title,
        story: [...within, name].join(" "),
        passed: status === "passed",
        why: failureMessages[0] ?? "",
      }));
    const broken = testExecError ? String(testExecError.message) : undefined;
    process.stdout.write(`${JSON.stringify({ file: test.path, stories, broken })}\n`);
  }
};

// @ts-check
/**
 * @typedef {{ status: string, assertionResults: readonly { status: string }[] }} FileReport
 * @typedef {{ testResults: readonly FileReport[] }} Report
 */

/**
 * Passed and failed tests of Vitest's JSON report. A file that could not be read has no tests and counts as one failure;
 * so does a run without a report, and one that ended badly though every test passed (an error outside any test).
 * @param {Report | undefined} report @param {number | null} status
 */
export function countTests(report, status) {
  if (!report) return { passed: 0, failed: 1 }
  const results = report.testResults.flatMap((file) => file.assertionResults.map((test) => test.status))
  const passed = results.filter((result) => result === 'passed').length
  const failed = results.filter((result) => result === 'failed').length
  const unreadable = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length
  const known = failed + unreadable
  return { passed, failed: known === 0 && status !== 0 ? 1 : known }
}

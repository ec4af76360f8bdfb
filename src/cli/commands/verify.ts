import type { Command } from 'commander'
import { Refused, refuse } from '../../base/refusal.ts'
import { consentFormat, verifyCombined, verifyConsentReceipt, verifyReceipt } from '../../verify/index.ts'
import { type Context, show, showFailing } from '../context.ts'
import { readText } from '../read.ts'

/** A verifier key as C2SP signed-note writes it: name+id+key. */
const keyForm = /^[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+$/

export function registerVerify(program: Command, context: Context): void {
  program
    .command('verify <receipt>')
    .description("offline, the receipt of an answer or of a choice: needs it and the log's public key, nothing else")
    .requiredOption('--key <key>', "the log's public key, or a file that holds it")
    .option(
      '--with <receipt>',
      'the receipt of an earlier release that this answer is combined with (may be repeated): recomputes the combination',
      (one: string, before: readonly string[] = []) => [...before, one],
    )
    .action(async (file: string, options: { key: string; with?: readonly string[] }) => {
      const receipt = await readText(context, file, 64 * 1024 * 1024)
      const key = keyForm.test(options.key) ? options.key : await readText(context, options.key, 4096)
      const others = await Promise.all((options.with ?? []).map((other) => readText(context, other, 64 * 1024 * 1024)))
      const verify = receipt.includes(`"format":"${consentFormat}"`) ? verifyConsentReceipt : verifyReceipt
      const verdict =
        others.length > 0 ? await verifyCombined([receipt, ...others], key.trim()) : await verify(receipt, key.trim())
      const value = { valid: verdict.valid, checks: verdict.checks.map((check) => ({ ...check })) }
      const words = verdict.checks.map((check) => `${check.holds ? 'holds' : 'FAILS'}  ${check.words}`)
      if (verdict.valid) show(context, value, [...words, 'The receipt verifies.'])
      else {
        const failing = verdict.checks.filter((check) => !check.holds)
        const failure = new Refused(
          refuse(
            'receipt.does_not_verify',
            failing.map((check) => check.name).join(', ') || 'the receipt does not verify',
          ).refusal,
        )
        showFailing(context, value, [...words, 'The receipt does NOT verify.'], failure)
      }
    })
}

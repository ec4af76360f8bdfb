import type { Command } from 'commander'
import { Refused, refuse } from '../../base/refusal.ts'
import { consentFormat, verifyConsentReceipt, verifyReceipt } from '../../verify/index.ts'
import { type Context, show } from '../context.ts'
import { readText } from '../read.ts'

/** A verifier key as C2SP signed-note writes it: name+id+key. */
const keyForm = /^[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+$/

export function registerVerify(program: Command, context: Context): void {
  program
    .command('verify <receipt>')
    .description("offline, the receipt of an answer or of a choice: needs it and the log's public key, nothing else")
    .requiredOption('--key <key>', "the log's public key, or a file that holds it")
    .action(async (file: string, options: { key: string }) => {
      const receipt = await readText(context, file, 64 * 1024 * 1024)
      const key = keyForm.test(options.key) ? options.key : await readText(context, options.key, 4096)
      const verify = receipt.includes(`"format":"${consentFormat}"`) ? verifyConsentReceipt : verifyReceipt
      const verdict = await verify(receipt, key.trim())
      show(context, { valid: verdict.valid, checks: verdict.checks.map((check) => ({ ...check })) }, [
        ...verdict.checks.map((check) => `${check.holds ? 'holds' : 'FAILS'}  ${check.words}`),
        verdict.valid ? 'The receipt verifies.' : 'The receipt does NOT verify.',
      ])
      if (!verdict.valid) {
        const failing = verdict.checks.filter((check) => !check.holds)
        throw new Refused(
          refuse(
            'receipt.does_not_verify',
            failing.map((check) => check.name).join(', ') || 'the receipt does not verify',
          ).refusal,
        )
      }
    })
}

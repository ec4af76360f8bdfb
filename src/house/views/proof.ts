/** What a person needs to check the house without trusting it. */
export type MyProof = {
  readonly logKey: string
  readonly origin: string
  /** The newest signed checkpoint, verbatim. */
  readonly checkpoint?: string | undefined
  /** Answers that the person was in; each address gives the receipt. */
  readonly releases: readonly { readonly release: string; readonly at: string; readonly url: string }[]
  readonly choices: readonly {
    readonly act: string
    readonly purpose: string
    readonly status: string
    readonly at: string
    readonly url: string
  }[]
}

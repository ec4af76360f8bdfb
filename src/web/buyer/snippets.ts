/** Programs that ask one question, each whole: the tests take them from the page and run them as they stand. */
export interface Example {
  readonly origin: string
  readonly product: string
  readonly purpose: string
  readonly sql: string
  readonly maxPrice: string
  readonly logKey: string
}

export const tools = ['curl', 'node', 'python', 'usufruct'] as const
export type Tool = (typeof tools)[number]

export const snippets: Readonly<Record<Tool, (example: Example) => string>> = {
  curl: (example) => `curl -sS --fail-with-body ${example.origin}/v1/releases \\
  -H "Authorization: Bearer $USUFRUCT_KEY" \\
  -H 'Content-Type: application/json' \\
  -H 'Idempotency-Key: first-question' \\
  -o receipt.json -d @- <<'JSON'
${body(example)}
JSON
curl -sS --fail-with-body -H "Authorization: Bearer $USUFRUCT_KEY" \\
  "${example.origin}/v1/releases?limit=1"
`,
  node: (example) => `// node ask.mjs, with Node 20 or newer
const response = await fetch('${example.origin}/v1/releases', {
  method: 'POST',
  headers: {
    authorization: \`Bearer \${process.env.USUFRUCT_KEY}\`,
    'content-type': 'application/json',
    'idempotency-key': 'first-question',
  },
  body: JSON.stringify(${body(example).replaceAll('\n', '\n  ')}),
})
const receipt = await response.json()
if (!response.ok) throw new Error(\`\${receipt.code}: \${receipt.detail}\`)
for (const row of receipt.answer.rows)
  console.log(row.map(({ value, low, high }) => (low === undefined ? value : \`\${value} (\${low} to \${high})\`)).join('\\t'))
`,
  python: (example) => `# python3 ask.py, with the standard library alone
import json, os, urllib.request

request = urllib.request.Request(
    '${example.origin}/v1/releases',
    headers={
        'Authorization': 'Bearer ' + os.environ['USUFRUCT_KEY'],
        'Content-Type': 'application/json',
        'Idempotency-Key': 'first-question',
    },
    data=json.dumps(${body(example).replaceAll('\n', '\n    ')}).encode(),
)
with urllib.request.urlopen(request) as response:
    receipt = json.load(response)
for row in receipt['answer']['rows']:
    print(*(f"{c['value']} ({c['low']} to {c['high']})" if 'low' in c else c['value'] for c in row), sep='\\t')
`,
  usufruct: (example) => `npx usufruct verify receipt.json \\
  --key '${example.logKey}'
`,
}

/** JSON that is JavaScript and Python as well: texts alone. */
const body = ({ product, purpose, sql, maxPrice }: Example): string =>
  JSON.stringify({ product, purpose, sql: sql.replace(/\s+/g, ' '), maxPrice }, null, 2)

/** Takes everything secret out of what is to be logged. Returns plain data, whatever it is given. */
export type Redactor = (value: unknown) => unknown

export const REDACTED = '***'

/** Shorter ones stand in any text by chance, and their absence would tell them. */
const LEAST_SECRET = 4
const MAX_DEPTH = 8
const MAX_ITEMS = 100
const MAX_CHARACTERS = 4_000

const SECRET_KEY = /secret|token|passw|authorization|cookie|credential|api.?key/i
/** `token=…` in addresses, `secret_key = …` in configurations, `Cookie: …` in headers. */
const SECRET_TEXT = /((?:secret[\w.-]*|token|passw[\w.-]*|authorization|cookie|api[_-]?key)["']?\s*[:=]\s*["']?)[^\s"'&,;]+/gi
const USER_INFO = /(:\/\/)[^/\s@]+@/g

/**
 * Redacts by three signs: the name of a field, the look of a text, and the secrets that are known now (`secrets`), as they are and as
 * they stand in addresses and JSON.
 */
export function createRedactor(secrets: () => readonly string[]): Redactor {
  return (value) => {
    const known = secrets().filter((secret) => secret.length >= LEAST_SECRET)
    // The longest first: one may be a part of another.
    const forms = [...new Set(known.flatMap(formsOf))].toSorted((a, b) => b.length - a.length)
    return redactValue(value, forms, 0)
  }
}

function formsOf(secret: string): string[] {
  const well = secret.toWellFormed()
  const uri = encodeURIComponent(well)
  return [
    secret,
    well,
    uri,
    uri.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    new URLSearchParams({ '': well }).toString().slice(1),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret, 'utf8').toString('base64'),
    Buffer.from(secret, 'utf8').toString('hex')
  ]
}

function redactValue(value: unknown, forms: readonly string[], depth: number): unknown {
  switch (typeof value) {
    case 'string':
      return redactText(value, forms)
    case 'number':
    case 'bigint':
      return forms.some((form) => String(value).includes(form)) ? REDACTED : typeof value === 'bigint' ? String(value) : value
    case 'boolean':
    case 'undefined':
      return value
    case 'object':
      break
    default:
      return typeof value
  }
  if (value === null) return null
  if (depth >= MAX_DEPTH) return '…'
  if (value instanceof Error) return redactValue(errorFacts(value), forms, depth)
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((each) => redactValue(each, forms, depth + 1))
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`
  const facts = Object.entries(value)
    .slice(0, MAX_ITEMS)
    .map(([key, each]) => [redactText(key, forms), SECRET_KEY.test(key) ? REDACTED : redactValue(each, forms, depth + 1)] as const)
  return Object.fromEntries(facts)
}

function errorFacts(error: Error): Record<string, unknown> {
  const { name, message, stack, cause } = error
  const { code, detail } = error as { code?: unknown; detail?: unknown }
  return { name, code, message, detail, stack: stackOf(stack, message), ...(cause === undefined ? {} : { cause }) }
}

/** Where it happened, without what it said: that is the message. */
function stackOf(stack: string | undefined, message: string): string[] {
  return (stack ?? '')
    .replace(message, '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 12)
    .map((line) => line.trim())
}

function redactText(text: string, forms: readonly string[]): string {
  let result = text
  for (const form of forms) if (form !== '') result = result.split(form).join(REDACTED)
  // Pieces that came together, or a secret made of our own mark: then nothing of it is kept.
  if (forms.some((form) => result.includes(form))) return REDACTED
  result = result.replace(USER_INFO, `$1${REDACTED}@`).replace(SECRET_TEXT, `$1${REDACTED}`)
  if (forms.some((form) => result.includes(form))) return REDACTED
  // Cut last: half a secret would not be found any more.
  return result.length > MAX_CHARACTERS ? `${result.slice(0, MAX_CHARACTERS)}…` : result
}

/** Inputs for every call of the contract, made from its schemas: right ones, and right ones with one thing wrong. */
import fc from 'fast-check'
import { z } from 'zod'
import { calls } from '../../src/shared/contract.ts'
import type { CallName } from '../../src/shared/contract.ts'

interface Schema {
  type?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  minItems?: number
  maxItems?: number
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  additionalProperties?: Schema | boolean
}

/** Texts that have broken programs before: paths, separators, directions, quotes, halves of characters. */
const NASTY = [
  '..',
  '../../../../etc/passwd',
  '\\\\server\\share',
  'C:\\',
  'CON',
  '-rf',
  "'; DROP TABLE files; --",
  '"" OR NEAR(',
  '<img src=x onerror=alert(1)>',
  '__proto__',
  'constructor',
  '\u202egnp.exe',
  '\ud800',
  '\0',
  '\r\nSet-Cookie: x',
  '%00%2e%2e',
  '图'.repeat(300),
  'group1/M00/00/00/x',
  ' '.repeat(100)
]

function textOf({ minLength = 0, maxLength = 200 }: Schema): fc.Arbitrary<string> {
  // Never a whole path: a program that is told to upload it or to write there rightly does.
  const harmless = (text: string) => !/^\s*\//.test(text)
  const fits = (text: string) => text.length >= minLength && text.length <= maxLength && harmless(text)
  const texts = fc.oneof(
    fc.string({ minLength, maxLength: Math.min(maxLength, 200), unit: 'binary' }),
    fc.constantFrom(...NASTY).filter(fits)
  )
  return texts.filter(fits)
}

/** Values that the schema takes; a refinement of the schema may still refuse them. */
function valueOf(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return fc.oneof(...choices.map(valueOf))
  switch (schema.type) {
    case 'string':
      return textOf(schema)
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'integer':
      return fc.integer({ min: bound(schema.minimum ?? 0), max: bound(schema.maximum ?? 2 ** 31 - 1) })
    case 'number':
      return fc.double({ noNaN: true, min: schema.minimum ?? 0, max: schema.maximum ?? 1e9 })
    case 'array':
      return fc.array(valueOf(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength: Math.min(schema.maxItems ?? 5, 5) })
    case 'object':
      return objectOf(schema)
    default:
      return fc.jsonValue()
  }
}

const bound = (value: number) => Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, value))

function objectOf(schema: Schema): fc.Arbitrary<unknown> {
  const properties = Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, value]) => [name, valueOf(value)]))
  const known = fc.record(properties, { requiredKeys: schema.required ?? [] })
  const { additionalProperties } = schema
  if (typeof additionalProperties !== 'object' || Object.keys(additionalProperties).length === 0) return known
  return fc.dictionary(fc.string({ minLength: 1, maxLength: 20 }), valueOf(additionalProperties), { maxKeys: 3 })
}

/** What no field of any call means. */
const WRONG: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    Number.NaN,
    Infinity,
    -1,
    1.5,
    2 ** 60,
    '',
    [],
    {},
    true,
    Symbol.iterator.toString(),
    new Date(0)
  ),
  fc.constantFrom<unknown>(
    'x'.repeat(2_000_000),
    Array.from({ length: 300_000 }, () => 'a'),
    deep(2_000)
  ),
  fc.anything({ maxDepth: 2 })
)

function deep(levels: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < levels; level += 1) value = { query: value, selection: value === 1 ? 1 : undefined }
  return value
}

export const CALLS = Object.keys(calls) as CallName[]

/** An input that the call may take. */
export function inputOf(name: CallName): fc.Arbitrary<unknown> {
  return valueOf(z.toJSONSchema(calls[name].input, { io: 'input', unrepresentable: 'any' }) as Schema)
}

/** The same with one field replaced, added or lost, or something else altogether. */
export function brokenInputOf(name: CallName): fc.Arbitrary<unknown> {
  return fc.oneof(
    { arbitrary: WRONG, weight: 1 },
    {
      arbitrary: fc.tuple(inputOf(name), WRONG, fc.nat()).map(([input, wrong, at]) => {
        if (typeof input !== 'object' || input === null) return wrong
        const keys = [...Object.keys(input), 'extra']
        return { ...input, [keys[at % keys.length] ?? 'extra']: wrong }
      }),
      weight: 3
    }
  )
}

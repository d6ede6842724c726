import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { extractFileIds } from '../../../src/shared/file-id-text.ts'

const A = 'group1/M00/00/00/fwAAA2sDCqKADjaBAAAAETp_S8s387.jpg'
const B = 'group2/M00/00/01/fwAABGsDCqKAG97OAAAA_3VQc3440.jpeg'
const TRUNK = 'group1/M00/00/00/oYYBAGsDCqKISfcGAAAAEbtCoDwAAAAAQAAMAAAAAEA342.txt'

const ids = (text: string) => extractFileIds(text).found.map((f) => f.facts.fileId)
const reasons = (text: string) => extractFileIds(text).rejected.map((r) => `${r.line}:${r.reason}`)

describe('extractFileIds', () => {
  it.each([
    ['a plain list', `${A}\n${B}\n`],
    ['Windows line ends and blank lines', `\r\n${A}\r\n\r\n  \t\r\n${B}`],
    ['commas', `${A},${B}`],
    ['semicolons and spaces', `  ${A} ; ${B} ;`],
    ['quotes', `"${A}" '${B}'`],
    ['typographic quotes', `“${A}”‘${B}’`],
    ['full-width punctuation', `${A}，${B}；`],
    ['Chinese text around', `文件：${A}。请看【${B}】、谢谢`],
    ['Chinese text without a space', `图片是${A}和`.replace('和', '，') + B],
    ['a JSON array', JSON.stringify([A, B])],
    ['indented JSON', JSON.stringify([{ id: A }, { id: B }], null, 2)],
    ['JSON with escaped slashes', JSON.stringify([A, B]).replaceAll('/', '\\/')],
    ['links', `http://host:8888/${A}\nhttps://files.example.com/${B}`],
    [
      'links with token and download name',
      `http://host:8888/${A}?token=0123456789abcdef0123456789abcdef&ts=1 http://h/${B}?filename=x.jpg#y`
    ],
    ['a link under a path', `http://host/files/${A} https://h/a/b/c/${B}`],
    ['encoded slashes', `http://host/get?id=${encodeURIComponent(A)}&x=1 ${encodeURIComponent(B)}`],
    ['Markdown', `![x](http://host/${A})\n* <${B}>`],
    ['slashes in front', `/${A}\n///${B}`],
    ['back slashes', `${A.replaceAll('/', '\\')}\n${B.replaceAll('/', '\\')}`],
    ['full-width slashes', `${A.replaceAll('/', '／')} ${B.replaceAll('/', '／')}`],
    ['a full stop behind', `See ${A}. And ${B}...`],
    ['tabs', `1\tphoto.jpg\t${A}\n2\tother.jpg\t${B}`],
    ['a byte order mark', `\ufeff${A}\n${B}`],
    ['no-break and ideographic spaces', `${A}\u00a0\u3000${B}`],
    ['words in front', `id=${A}&next=${B} `],
    ['a label', `file:${A} key：${B}`],
    ['old Mac line ends', `${A}\r${B}`],
    ['a Markdown table', `|${A}|${B}|`]
  ])('finds both in %s', (_what, text) => {
    expect(ids(text)).toEqual([A, B])
    expect(extractFileIds(text).rejected).toEqual([])
  })

  it('takes a colon for part of an ID only where a server may have made it a digit', () => {
    const odd = 'group2/M00/0F/54/fwAACGsDeKOAflzeAAAQAM5-rrc63:.bin'
    expect(ids(`${odd}:12: ${A}:3:\n${B}: x`)).toEqual([odd, A, B])
  })

  it('takes the columns of a CSV for what they are, and says once that its header has no ID', () => {
    const csv = `file_id,name,size\n"${A}","a, b.jpg",17\n${B},图.jpeg,255\n`
    expect(ids(csv)).toEqual([A, B])
    expect(reasons(csv)).toEqual(['1:no-file-id'])
  })

  it('keeps the order and every repetition, and marks the later ones', () => {
    const { found } = extractFileIds(`${A}\n${B}\n${A}\nhttp://host/${A}?x=1`)
    expect(found.map((f) => [f.facts.fileId, f.duplicate, f.line])).toEqual([
      [A, false, 1],
      [B, false, 2],
      [A, true, 3],
      [A, true, 4]
    ])
  })

  it('knows normal, trunk and slave names by their facts', () => {
    const slave = A.replace('.jpg', '_150x150.jpg')
    expect(extractFileIds(`${TRUNK}\n${slave}`).found.map((f) => f.facts.kind)).toEqual(['trunk', 'slave'])
  })

  it('takes a full stop for the end of a sentence unless the name is complete only with it', () => {
    const dots = 'group2/M00/00/01/fwAABGsDCqKAed9HAAAAAQ7U4kI50544..'
    expect(ids(`${dots}\n${dots}.\n${TRUNK}.\n${A}....`)).toEqual([dots, dots, TRUNK, A])
  })

  it('says why something that was meant as an ID is none', () => {
    expect(reasons(A.slice(7))).toEqual(['1:group-missing'])
    expect(reasons(`http://files.example.com/${A.slice(7)}`)).toEqual(['1:group-missing'])
    expect(reasons(`http://files/${A.slice(7)}`)).toEqual(['1:group-missing'])
    expect(reasons(`http://files:8888/${A.slice(7)}`)).toEqual(['1:group-missing'])
    expect(reasons(A.slice(0, 30))).toEqual(['1:incomplete'])
    expect(reasons(`${A.slice(0, 30)}...`)).toEqual(['1:incomplete'])
    expect(reasons(`${A}${'x'.repeat(100)}`)).toEqual(['1:too-long'])
    expect(reasons(A.replace('group1', 'my-group'))).toEqual(['1:malformed'])
    expect(reasons(A.replace('M00', 'M0a'))).toEqual(['1:malformed'])
    expect(reasons('hello world\n\n[]\n{}\n,,,\nM is a letter')).toEqual(['1:no-file-id', '6:no-file-id'])
  })

  it('reports bad lines among good ones with their numbers, cut to 200 characters', () => {
    const { found, rejected } = extractFileIds(`${A}\n${'nonsense '.repeat(100)}\n${B}`)
    expect(found.map((f) => f.line)).toEqual([1, 3])
    expect(rejected).toHaveLength(1)
    expect(rejected[0]).toMatchObject({ line: 2, reason: 'no-file-id' })
    expect(rejected[0]!.text).toHaveLength(200)
  })

  it('finds every ID between any separators', () => {
    const separator = fc.stringMatching(/^[\s,;"'|()<>，；“”、]{1,5}$/)
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(A, B, TRUNK), separator), { maxLength: 30 }), (parts) => {
        const result = extractFileIds(parts.flat().join(''))
        expect(result.found.map((f) => f.text)).toEqual(parts.map(([id]) => id))
        expect(result.rejected).toEqual([])
      })
    )
  })

  it('never throws, whatever is pasted', { timeout: 60_000 }, () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(A, B, 'M00/00/00/', 'group1/', '//', '\\', '%2F', '\n', '.', '..', 'M0')
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        for (const { facts, text } of extractFileIds(pieces.join('')).found) expect(facts.fileId).toBe(text)
      })
    )
  })

  it.each([
    ['one line of IDs', Array.from({ length: 50_000 }, () => A).join(','), 50_000],
    ['one endless word', 'a'.repeat(3_000_000), 0],
    ['endless groups', 'a/'.repeat(1_000_000), 0],
    ['endless dots', `M00/00/00/${'.'.repeat(3_000_000)}`, 0],
    ['endless beginnings', 'g/M00/00/00/'.repeat(250_000), 0],
    ['endless letters M', 'M'.repeat(3_000_000), 0],
    ['endless back slashes', `M${'\\'.repeat(3_000_000)}`, 0],
    ['IDs without anything between', A.repeat(50_000), 0]
  ])('gets through megabytes of %s', (_what, text, expected) => {
    expect(ids(text).length >= expected).toBe(true)
  })
})

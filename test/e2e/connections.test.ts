import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatAddress, parseTrackerAddress } from '../../src/shared/address.ts'
import { startCluster } from '../support/cluster.ts'
import { lyingTracker } from '../support/lying-tracker.ts'
import { webServer } from '../support/web-server.ts'
import { expect, test } from './support/app.ts'
import { User } from './support/user.ts'

/** A cluster in containers: its tracker names addresses that only its own network knows. */
async function containers() {
  const inside = await startCluster({ addressing: 'id', groups: { group1: 2 } })
  const door = await lyingTracker(parseTrackerAddress(inside.trackers[0] ?? ''))
  return {
    tracker: formatAddress(door),
    async close() {
      await door.close()
      await inside.close()
    }
  }
}

test('a Docker cluster is made reachable in three clicks, and takes a file then', async ({ app, folder }) => {
  const cluster = await containers()
  try {
    const user = new User(app)
    await user.goTo('connections')
    await app.getByRole('button', { name: 'Add connection' }).first().click()
    const dialog = app.getByTestId('connection-dialog')
    await dialog.getByLabel('Trackers').fill(cluster.tracker)
    await dialog.getByRole('button', { name: 'Test connection' }).click()
    await expect(dialog.getByText('some of its servers cannot be reached from here')).toBeVisible()
    await dialog.getByRole('button', { name: 'Use these addresses' }).click()
    await expect(dialog.getByText('The connection works.')).toBeVisible()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(dialog).toBeHidden()

    await app.getByRole('button', { name: `Use ${cluster.tracker}` }).click()
    const path = join(folder, 'through the door.txt')
    await writeFile(path, 'content')
    await user.goTo('files')
    await user.pickFiles([path])
    await user.confirmUpload()
    await user.expectDone('through the door.txt')
  } finally {
    await cluster.close()
  }
})

test('an address mapping is tried before it is saved, and the result of a test is copied as text', async ({ app, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const cluster = await containers()
  try {
    const user = new User(app)
    await user.goTo('connections')
    await app.getByRole('button', { name: 'Add connection' }).first().click()
    const dialog = app.getByTestId('connection-dialog')
    await dialog.getByLabel('Trackers').fill(cluster.tracker)
    await dialog.getByText('More settings').click()
    await dialog.getByRole('button', { name: 'Add mapping' }).click()
    await dialog.getByLabel('Address from the tracker, line 1').fill('127.9.9.9')
    await dialog.getByLabel('Reachable address, line 1').fill('127.9.9.8')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(dialog.getByTestId('map-doubtful')).toBeVisible()
    await expect(dialog.getByRole('button', { name: 'Save anyway' })).toBeVisible()
    await expect(app.getByTestId('connection')).toHaveCount(1)

    await dialog.getByRole('button', { name: 'Copy the result' }).click()
    const copied = await app.evaluate(() => navigator.clipboard.readText())
    expect(copied).toContain('The cluster answers, but some of its servers cannot be reached from here.')
    expect(copied).toMatch(new RegExp(`✓ Tracker ${cluster.tracker}: \\d+ ms`))
    expect(copied).toMatch(/✗ Storage 127\.9\.9\.8:\d+: \d+ ms \(group1 · Active · [\d.]+ · the tracker says 127\.9\.9\.9:\d+\)/)
    expect(copied).toContain('add an address mapping to the connection')
    expect(copied).toMatch(/\[.*(refused|CONNECT_REFUSED|ECONNREFUSED).*\]/)

    await dialog.getByLabel('Reachable address, line 1').fill('127.0.0.1')
    await expect(dialog.getByTestId('map-doubtful')).toBeHidden()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(dialog).toBeHidden()
    await expect(app.getByTestId('connection')).toHaveCount(2)
  } finally {
    await cluster.close()
  }
})

test('an unreachable connection is diagnosed and repaired from where its error shows', async ({ app }) => {
  const cluster = await containers()
  try {
    const user = new User(app)
    await user.goTo('connections')
    await app.getByRole('button', { name: 'Add connection' }).first().click()
    const dialog = app.getByTestId('connection-dialog')
    await dialog.getByLabel('Trackers').fill('127.0.0.1:1')
    await dialog.getByLabel('Name').fill('moved')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await app.getByRole('button', { name: 'Use moved' }).click()
    await user.goTo('cluster')
    await app.getByTestId('cluster-view').getByRole('button', { name: 'Diagnose' }).first().click()
    const diagnosis = app.getByTestId('diagnosis-dialog')
    await expect(diagnosis.getByText('The connection does not work.')).toBeVisible()
    await expect(diagnosis.getByTestId('way-round')).toHaveCount(0)
    await diagnosis.getByRole('button', { name: 'Open connections' }).click()
    const connection = app.getByTestId('connection').filter({ hasText: 'moved' })

    await connection.getByRole('button', { name: 'Edit moved' }).click()
    await dialog.getByLabel('Trackers').fill(cluster.tracker)
    await dialog.getByRole('button', { name: 'Save' }).click()
    await connection.getByRole('button', { name: 'Test moved' }).click()
    await expect(connection.getByTestId('way-round')).toBeVisible()

    // A file that cannot be reached says so in the inspector, and its error leads to the same test.
    await user.goTo('files')
    await app.getByRole('button', { name: 'Paste IDs' }).click()
    await app.getByTestId('paste-text').fill('group1/M00/00/00/fwAAA2sC_yqAdhusAAAABjY6MCA971.txt')
    await app.getByRole('button', { name: 'Add to library' }).click()
    await app.getByTestId('file-row').first().click()
    await app.getByTestId('inspector').getByRole('button', { name: 'Check now' }).click()
    await app.getByTestId('inspector').getByRole('button', { name: 'Diagnose' }).first().click()
    await diagnosis.getByRole('button', { name: 'Use these addresses' }).click()
    await expect(diagnosis.getByText('The connection works.')).toBeVisible()
    await expect(app.getByText('are saved with the connection')).toBeVisible()
  } finally {
    await cluster.close()
  }
})

test('a connection of production has a frame, and deleting in it asks once more', async ({ app, folder }) => {
  const user = new User(app)
  await user.goTo('connections')
  await app.getByRole('button', { name: 'Edit Built-in cluster' }).click()
  const dialog = app.getByTestId('connection-dialog')
  await dialog.getByTestId('connection-environment').click()
  await app.getByRole('option', { name: 'Production' }).click()
  await dialog.getByTestId('connection-color').click()
  await app.getByRole('option', { name: 'Red' }).click()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(app.getByText('Production: Built-in cluster')).toBeVisible()
  const path = join(folder, 'used by others.txt')
  await writeFile(path, 'content')
  await user.goTo('files')
  await user.pickFiles([path])
  await user.confirmUpload()
  await user.row('used by others.txt').click()
  await app.keyboard.press('Delete')
  const question = app.getByTestId('delete-dialog')
  await expect(question.getByRole('button', { name: 'Move to trash' })).toBeDisabled()
  await question.getByText('Delete in production: Built-in cluster').click()
  await question.getByRole('button', { name: 'Move to trash' }).click()
  await user.expectFileCount('0 files')
})

test('a connection is filled from client.conf and the file that it includes', async ({ app }) => {
  const user = new User(app)
  await user.goTo('connections')
  await app.getByRole('button', { name: 'Add connection' }).first().click()
  const dialog = app.getByTestId('connection-dialog')
  await dialog.getByRole('button', { name: 'From client.conf…' }).click()
  const chooser = app.waitForEvent('filechooser')
  await dialog.getByRole('button', { name: 'Choose files…' }).click()
  const file = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })
  await (
    await chooser
  ).setFiles([
    file('http.conf', 'http.anti_steal.token_ttl = 900\n'),
    file('storage_ids.conf', '# id group address\n100001 group1 10.0.0.11\n100002 group1 10.0.0.12,192.168.0.12:23000\n'),
    file(
      'client.conf',
      'connect_timeout = 7\ntracker_server = 10.0.0.1:22122\ntracker_server = 10.0.0.2\n#include http.conf\n#include gone.conf\n'
    )
  ])
  await expect(dialog.getByText('2 trackers taken over.')).toBeVisible()
  await expect(dialog.getByText('2 storage servers taken over from storage_ids.conf.')).toBeVisible()
  await expect(dialog.getByText('Includes gone.conf, which was not given.')).toBeVisible()
  await expect(dialog.getByLabel('Trackers')).toHaveValue('10.0.0.1:22122\n10.0.0.2:22122')
  await expect(dialog.getByLabel('Tokens accepted for')).toHaveValue('900')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toBeHidden()

  await app.getByRole('button', { name: 'Import and export' }).click()
  const download = app.waitForEvent('download')
  await app.getByRole('menuitem', { name: 'Export connections…' }).click()
  const path = await (await download).path()
  const bringBack = async () => {
    await app.getByRole('button', { name: 'Import and export' }).click()
    const second = app.waitForEvent('filechooser')
    await app.getByRole('menuitem', { name: 'Import connections…' }).click()
    await (await second).setFiles(path)
  }
  await bringBack()
  await expect(app.getByText('1 was there already.')).toBeVisible()
  await app.getByRole('button', { name: 'More actions for 10.0.0.1' }).click()
  await app.getByRole('menuitem', { name: 'Remove…' }).click()
  await app.getByTestId('connection-remove').getByRole('button', { name: 'Remove…' }).click()
  await expect(app.getByTestId('connection')).toHaveCount(1)
  await bringBack()
  await expect(app.getByTestId('connection')).toHaveCount(2)
  await app.getByRole('button', { name: 'Edit 10.0.0.1' }).click()
  await dialog.getByText('More settings').click()
  await expect(dialog.getByLabel('Tokens accepted for')).toHaveValue('900')
})

test('a connection from a link is shown before it is saved, and goes on as a link', async ({ app, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const user = new User(app)
  await user.goTo('connections')
  const paste = async (link: string) => {
    await app.getByRole('button', { name: 'Import and export' }).click()
    await app.getByRole('menuitem', { name: 'From a link…' }).click()
    await app.getByTestId('paste-link-dialog').getByRole('textbox').fill(link)
    await app.getByTestId('paste-link-dialog').getByRole('button', { name: 'Show' }).click()
  }
  await paste('fastdfs-desktop://connect?tracker=10.0.0.1&secret=x')
  await expect(app.getByText('does not describe a connection that can be used')).toBeVisible()
  await app.keyboard.press('Escape')

  await paste('fastdfs-desktop://connect?tracker=10.0.0.1&name=Photos&http=http://files.example&readonly=1&environment=test')
  const question = app.getByTestId('connect-dialog')
  await expect(question.getByText('10.0.0.1:22122')).toBeVisible()
  await expect(question.getByText('http://files.example')).toBeVisible()
  await question.getByRole('button', { name: 'Cancel' }).click()
  await expect(app.getByTestId('connection')).toHaveCount(1)

  await paste('fastdfs-desktop://connect?tracker=10.0.0.1&name=Photos&readonly=1')
  await question.getByRole('button', { name: 'Add connection' }).click()
  await expect(app.getByTestId('connection')).toHaveCount(2)
  await app.getByRole('button', { name: 'More actions for Photos' }).click()
  await app.getByRole('menuitem', { name: 'Copy as link' }).click()
  await expect(app.getByText('Link copied, without the token secret')).toBeVisible()
  const copied = await app.evaluate(() => navigator.clipboard.readText())
  expect(copied).toMatch(/^fastdfs-desktop:\/\/connect\?name=Photos&tracker=10\.0\.0\.1%3A22122&readonly=1/)
})

test('the connection test follows a link and tries a wrong token', async ({ app, folder }) => {
  const user = new User(app)
  const path = join(folder, 'picture.txt')
  await writeFile(path, 'content')
  await user.pickFiles([path])
  await user.confirmUpload()
  await user.expectFileCount('1 file')
  const fileId = (await app.getByTestId('file-row').first().getAttribute('data-file-id')) ?? ''
  const server = await webServer({ files: new Map([[fileId, Buffer.from('content')]]), secret: 's3cret', decoy: Buffer.from('decoy') })
  try {
    await user.goTo('connections')
    await app.getByRole('button', { name: 'Edit Built-in cluster' }).click()
    const dialog = app.getByTestId('connection-dialog')
    await dialog.getByText('More settings').click()
    await dialog.getByRole('button', { name: 'Add web address' }).click()
    await dialog.getByLabel('Web address, line 1').fill(server.base)
    await dialog.getByRole('button', { name: 'Test connection' }).click()
    await expect(dialog.getByText('The cluster works, but its web addresses do not')).toBeVisible()
    await dialog.getByLabel('Token secret').fill('s3cret')
    await dialog.getByRole('button', { name: 'Test connection' }).click()
    await expect(dialog.getByText('The connection works.')).toBeVisible()
    await expect(dialog.getByText('Another file comes in its place (a decoy)')).toBeVisible()
  } finally {
    await server.close()
  }
})

test('what was done is found in the activity log', async ({ app, folder }) => {
  const user = new User(app)
  for (const name of ['one.txt', 'two.txt']) await writeFile(join(folder, name), name)
  await user.pickFiles(['one.txt', 'two.txt'].map((name) => join(folder, name)))
  await user.confirmUpload()
  await user.expectFileCount('2 files')
  await user.row('one.txt').click()
  await app.keyboard.press('F2')
  await app.getByRole('textbox', { name: 'New name of one.txt' }).fill('first.txt')
  await app.keyboard.press('Enter')
  await expect(user.row('first.txt')).toBeVisible()
  await user.goTo('settings')
  await app.getByRole('button', { name: 'Show activity…' }).click()
  const dialog = app.getByTestId('trail-dialog')
  await expect(dialog.getByTestId('trail-row')).toHaveCount(3)
  await dialog.getByRole('searchbox', { name: 'Name, file ID, path…' }).fill('first.txt')
  await expect(dialog.getByTestId('trail-row')).toHaveCount(1)
  await expect(dialog.getByTestId('trail-row')).toHaveAttribute('data-action', 'rename')
  await dialog.getByRole('searchbox', { name: 'Name, file ID, path…' }).fill('')
  await dialog.getByTestId('trail-action').click()
  await app.getByRole('option', { name: 'Uploaded' }).click()
  await expect(dialog.getByTestId('trail-row')).toHaveCount(2)
  await app.keyboard.press('Escape')
  await expect(dialog).toBeHidden()

  const download = app.waitForEvent('download')
  await app.getByRole('button', { name: 'Save…' }).click()
  const text = await readFile(await (await download).path(), 'utf8')
  expect(JSON.parse(text)).toMatchObject({ format: 'fastdfs-desktop/diagnostics' })
  expect(text).not.toContain('first.txt')
})

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatAddress, parseTrackerAddress } from '../../src/shared/address.ts'
import { startCluster } from '../support/cluster.ts'
import { lyingTracker } from '../support/lying-tracker.ts'
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
    const connection = app.getByTestId('connection').filter({ hasText: 'moved' })
    await expect(connection.getByText('The connection does not work.')).toBeVisible()
    await expect(connection.getByTestId('way-round')).toHaveCount(0)

    await connection.getByRole('button', { name: 'Edit moved' }).click()
    await dialog.getByLabel('Trackers').fill(cluster.tracker)
    await dialog.getByRole('button', { name: 'Save' }).click()
    await connection.getByRole('button', { name: 'Test moved' }).click()
    await connection.getByRole('button', { name: 'Use these addresses' }).click()
    await expect(connection.getByText('The connection works.')).toBeVisible()
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
    file(
      'client.conf',
      'connect_timeout = 7\ntracker_server = 10.0.0.1:22122\ntracker_server = 10.0.0.2\n#include http.conf\n#include gone.conf\n'
    )
  ])
  await expect(dialog.getByText('2 trackers taken over.')).toBeVisible()
  await expect(dialog.getByText('Includes gone.conf, which was not given.')).toBeVisible()
  await expect(dialog.getByLabel('Trackers')).toHaveValue('10.0.0.1:22122\n10.0.0.2:22122')
  await expect(dialog.getByLabel('Tokens accepted for')).toHaveValue('900')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toBeHidden()

  await app.getByRole('button', { name: 'Import and export' }).click()
  const download = app.waitForEvent('download')
  await app.getByRole('menuitem', { name: 'Export connections…' }).click()
  const path = await (await download).path()
  await app.getByRole('button', { name: 'Import and export' }).click()
  const second = app.waitForEvent('filechooser')
  await app.getByRole('menuitem', { name: 'Import connections…' }).click()
  await (await second).setFiles(path)
  await expect(app.getByTestId('connection')).toHaveCount(3)
  await app.getByRole('button', { name: 'Edit 10.0.0.1' }).last().click()
  await dialog.getByText('More settings').click()
  await expect(dialog.getByLabel('Tokens accepted for')).toHaveValue('900')
})

import i18next from 'i18next'
import { beforeAll, describe, expect, it } from 'vitest'
import { noticeToast } from '../../../../src/renderer/features/transfers/notices.ts'
import type { NoticePort } from '../../../../src/renderer/features/transfers/notices.ts'
import { renamedLines, reportText } from '../../../../src/renderer/features/transfers/report.ts'
import type { Events } from '../../../../src/shared/contract.ts'
import { loadTexts } from '../texts.ts'
import { batch, transfer } from './samples.ts'

beforeAll(() => loadTexts())

const notice = (code: string, detail: Events['notice']['detail'] = {}, kind: Events['notice']['kind'] = 'success') => ({
  revision: 1,
  kind,
  code,
  detail
})
const port = (some: Partial<NoticePort> = {}): NoticePort => ({
  t: i18next.getFixedT('en', 'transfers'),
  language: 'en',
  canReveal: false,
  targetOf: () => null,
  reveal: () => undefined,
  showBatch: () => undefined,
  showTransfers: () => undefined,
  ...some
})
const done = { batchId: 3, kind: 'upload', title: 'photos', done: 1_200, failed: 0, skipped: 0, cancelled: 0 }

describe('the notice of a batch', () => {
  it('is one line for a success, and leads to the library', () => {
    const shown: number[] = []
    const toast = noticeToast(notice('BATCH_DONE', done), port({ showBatch: (id) => shown.push(id) }))
    expect(toast).toMatchObject({ kind: 'success', title: 'Uploaded: photos', text: '1,200 files', key: 'batch-3' })
    toast?.action?.onClick()
    expect(shown).toEqual([3])
  })

  it('says how many failed, and leads to them', () => {
    const toast = noticeToast(notice('BATCH_FAILED', { ...done, done: 1_197, failed: 3 }, 'error'), port())
    expect(toast).toMatchObject({ kind: 'error', title: 'Uploaded with failures: photos', text: '1,197 files, 3 failed' })
    expect(toast?.action?.label).toBe('Show transfers')
  })

  it('leads to the folder only where the host can show one', () => {
    const download = notice('BATCH_DONE', { ...done, kind: 'download' })
    expect(noticeToast(download, port({ targetOf: () => '/home/a' }))?.action).toBeUndefined()
    expect(noticeToast(download, port({ targetOf: () => '/home/a', canReveal: true }))?.action?.label).toBe('Show in folder')
  })

  it('is not given to somebody who cancelled everything, and is no success after a cancel in the middle', () => {
    expect(noticeToast(notice('BATCH_DONE', { ...done, done: 0, cancelled: 9 }), port())).toBeNull()
    expect(noticeToast(notice('BATCH_DONE', { ...done, done: 4, cancelled: 9 }), port())).toMatchObject({
      kind: 'info',
      title: 'Upload cancelled: photos',
      text: '4 files, 9 cancelled'
    })
  })

  it('speaks Chinese to a Chinese reader', () => {
    const toast = noticeToast(
      notice('BATCH_FAILED', { ...done, failed: 3 }),
      port({ language: 'zh-CN', t: i18next.getFixedT('zh-CN', 'transfers') })
    )
    expect(toast).toMatchObject({ title: '上传结束，部分失败：photos', text: '1,200 个文件，3 个失败' })
  })
})

describe('other notices', () => {
  it('of errors read as the error does', () => {
    expect(noticeToast(notice('SOURCE_CHANGED', { path: '/a/b.psd' }, 'info'), port())).toMatchObject({
      kind: 'info',
      title: 'The file /a/b.psd changed while it was being uploaded.'
    })
  })

  it('have their own text or at least show their code', () => {
    expect(
      noticeToast(notice('FILE_SET_ASIDE', { path: '/d/settings.json', setAside: '/d/settings.json.bad' }, 'error'), port())?.title
    ).toContain('/d/settings.json.bad')
    expect(noticeToast(notice('SOMETHING_NEW'), port())?.title).toContain('SOMETHING_NEW')
  })
})

describe('the report about failures', () => {
  const failed = [
    transfer(1, {
      tag: 'failed',
      localPath: '/home/a/图.psd',
      error: { code: 'NO_SPACE', message: 'NO_SPACE (group=group1)', detail: { group: 'group1', status: 28 } }
    }),
    transfer(2, {
      tag: 'failed',
      folder: 'a/b',
      name: 'c.jpg',
      fileId: 'group1/M00/00/00/x.jpg',
      error: { code: 'NOT_FOUND', message: 'NOT_FOUND' }
    })
  ]
  it('names every file with the reason, the advice and the code', () => {
    const text = reportText(batch(1, { title: 'photos', counts: { done: 8, failed: 2 }, finishedAt: 5 }), failed, 'en')
    expect(text).toContain('Upload: photos\n2 of 10 files failed\n')
    expect(text).toContain('/home/a/图.psd\n  There is no space left on the servers of group1. (28) Choose another group')
    expect(text).toContain('[NO_SPACE (group=group1)]')
    expect(text).toContain('a/b/c.jpg\n  group1/M00/00/00/x.jpg\n')
  })

  it('is written in the language of its reader', () => {
    const text = reportText(batch(1, { title: '', kind: 'delete', counts: { failed: 2 } }), failed, 'zh-CN')
    expect(text).toContain('删除：（无名称）\n2 个文件中有 2 个失败')
  })
})

it('the list of changed names is a table of own names and those that files have now', () => {
  const rows = [
    transfer(1, { name: 'CON.txt', folder: 'Q1: draft', savedAs: 'Q1%3A draft/CON_.txt' }),
    transfer(2, { name: 'fine.txt' }),
    transfer(3, { name: '图?.png', savedAs: '图%3F.png' })
  ]
  expect(renamedLines(rows)).toEqual(['Q1: draft/CON.txt\tQ1%3A draft/CON_.txt', '图?.png\t图%3F.png'])
})

import { encodeFileName } from '../../src/shared/file-id.ts'
import type { FileInput } from '../../src/main/library/types.ts'

/** A small deterministic generator (mulberry32): the same numbers in every run. */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

export const LATIN =
  'banner hero product poster logo sketch draft final icon avatar cover summer winter launch campaign holiday retail mobile desktop email landing footer header button pattern texture mockup export render scene studio portrait detail close wide night city forest'.split(
    ' '
  )
export const CHINESE =
  '蓝天 白云 春季 夏装 海报 主图 详情 活动 首页 产品 包装 设计 封面 头像 插画 新品 促销 节日 中秋 国庆 双十一 年货 品牌 标志 门店 户外 摄影 模特 素材 背景'.split(
    ' '
  )
const EXTS = ['jpg', 'jpg', 'jpg', 'png', 'png', 'psd', 'webp', 'svg', 'mp4', 'ai', 'pdf', 'gif']
const PROJECTS = Array.from({ length: 400 }, (_, i) => `项目-${i} ${LATIN[i % LATIN.length]}`)

/** `count` files as designers have them: two groups, folders by campaign, Latin and Chinese names, metadata on a third. */
export function* designerFiles(count: number, seed = 1): Generator<FileInput> {
  const random = randomFrom(seed)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!
  for (let i = 0; i < count; i++) {
    const ext = pick(EXTS)
    const group = random() < 0.7 ? 'group1' : 'group2'
    const remote = encodeFileName({
      storePathIndex: 0,
      // A storage fills a directory with a hundred files, then takes the next.
      directories: [Math.floor(i / 25_600) % 256, Math.floor(i / 100) % 256],
      source: { type: 'ip', address: group === 'group1' ? '10.0.0.11' : '10.0.0.21' },
      timestampSeconds: 1_700_000_000 + i * 20,
      sizeBytes: random() < 0.03 ? null : Math.floor(random() ** 4 * 80_000_000),
      crc32: Math.floor(random() * 4_294_967_296),
      ext,
      random: Math.floor(random() * 8_388_608),
      digits: String(Math.floor(random() * 10_000_000)).padStart(7, '0')
    })
    const words = random() < 0.5 ? [pick(CHINESE), pick(CHINESE)] : [pick(LATIN), pick(LATIN)]
    const folder = `${2019 + Math.floor(i / (count / 7 + 1))}/${pick(CHINESE)}-${Math.floor(random() * 40)}`
    yield {
      fileId: `${group}/${remote}`,
      name: `${words.join(random() < 0.5 ? '_' : ' ')} ${Math.floor(random() * 10_000)}.${ext}`,
      folder,
      origin: random() < 0.8 ? 'upload' : 'listing',
      state: random() < 0.002 ? 'missing' : 'present',
      batchId: Math.floor(i / 400) + 1,
      ...(i % 3 === 0 ? { metadata: { project: pick(PROJECTS), width: String(100 * Math.floor(random() * 60)), author: pick(LATIN) } } : {})
    }
  }
}

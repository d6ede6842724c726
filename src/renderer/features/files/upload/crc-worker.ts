/** CRC-32 of files of the page, in a thread of its own. */
export interface CrcRequest {
  id: number
  file: File
}
/** crc null: the file cannot be read. */
export interface CrcAnswer {
  id: number
  crc: number | null
}

interface WorkerScope {
  addEventListener(type: 'message', listener: (event: MessageEvent<CrcRequest>) => void): void
  postMessage(answer: CrcAnswer): void
}
const scope = globalThis as unknown as WorkerScope

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

scope.addEventListener('message', ({ data: { id, file } }) => {
  crcOf(file).then(
    (crc) => scope.postMessage({ id, crc }),
    () => scope.postMessage({ id, crc: null })
  )
})

async function crcOf(file: File): Promise<number> {
  let crc = 0xffffffff
  const reader = file.stream().getReader()
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    for (const byte of part.value) crc = (TABLE[(crc ^ byte) & 255] as number) ^ (crc >>> 8)
  }
  return (crc ^ 0xffffffff) >>> 0
}

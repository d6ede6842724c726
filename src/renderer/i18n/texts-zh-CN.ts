/** What the first page says, in one chunk: 'zh-CN' is fetched only where it is read. Keep the list equal to CORE of load-texts.ts. */
export default import.meta.glob<Record<string, unknown>>('./zh-CN/{cluster,common,files,transfers}.json', {
  eager: true,
  import: 'default'
})

/** Every text of one language in one chunk: 'zh-CN' is fetched only where it is read. */
export default import.meta.glob<Record<string, unknown>>('./zh-CN/*.json', { eager: true, import: 'default' })

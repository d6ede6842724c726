/** Every text of one language in one chunk: 'en' is fetched only where it is read. */
export default import.meta.glob<Record<string, unknown>>('./en/*.json', { eager: true, import: 'default' })

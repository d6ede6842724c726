/** What the first page says, in one chunk: 'en' is fetched only where it is read. Keep the list equal to CORE of load-texts.ts. */
export default import.meta.glob<Record<string, unknown>>('./en/{cluster,common,files,transfers}.json', { eager: true, import: 'default' })

/** A storage keeps the metadata of a file beside it, under its name with this end. */
export const METADATA_END = '-m'

/** Of the last part of a name that a server made, in a trunk file too. Slaves and metadata are longer. */
const OWN_LENGTHS = new Set([34, 50])

/**
 * A name that ends like metadata whose file is not there: is it that? A file may have the extension 'a-m', within the length that
 * servers give a name; what is longer is what a rename (command 38) leaves behind.
 */
export function isLeftMetadata(name: string): boolean {
  return name.endsWith(METADATA_END) && !OWN_LENGTHS.has(name.length - name.lastIndexOf('/') - 1)
}

/**
 * CRC-32 of A followed by B from the CRC-32 of each and the length of B, without reading a byte again.
 *
 * A CRC is a polynomial modulo P over GF(2); appending B multiplies the polynomial of A by x^(8·length) and adds that of B.
 * Polynomials are held reflected, as in zlib: bit 31 is the coefficient of x^0.
 */
const POLYNOMIAL = 0xedb88320

/** POWERS[k] = x^(2^k) modulo P. x^(2^32) = x, so 32 entries repeat for ever. */
const POWERS: readonly number[] = powers()

/** All values unsigned 32 bit; `length` in bytes, up to 2^53 − 1. */
export function crc32Combine(crcA: number, crcB: number, length: number): number {
  return (multiply(powerOfX(length), crcA) ^ crcB) >>> 0
}

function powers(): number[] {
  const table = [0x40000000]
  for (let k = 1; k < 32; k++) table.push(multiply(table[k - 1]!, table[k - 1]!))
  return table
}

/** x^(8·bytes) modulo P. */
function powerOfX(bytes: number): number {
  let result = 0x80000000
  for (let rest = bytes, k = 3; rest > 0; rest = Math.floor(rest / 2), k++) {
    if (rest % 2 === 1) result = multiply(POWERS[k & 31]!, result)
  }
  return result
}

function multiply(a: number, b: number): number {
  let product = 0
  let factor = b
  for (let bit = 0x80000000; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) product ^= factor
    factor = (factor & 1) === 0 ? factor >>> 1 : (factor >>> 1) ^ POLYNOMIAL
  }
  return product >>> 0
}

/** Stands in a bundle for an optional package that is to stay out of it. */
export default {}
